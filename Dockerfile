# One image for web, workers, beat and migrate, and one with pg_dump for backups. They hold no
# secrets: those come from the environment.
# .dockerignore keeps tests, developer tools and demonstration data out.

FROM node:22.22.2-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY static ./static
RUN npm run build

FROM python:3.11.15-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/python -m pip install --no-cache-dir --require-hashes -r /tmp/base.txt

FROM python:3.11.15-slim-bookworm AS service
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CELERY_SKIP_CHECKS=1 \
    DJANGO_SETTINGS_MODULE=countylines.settings \
    ENVIRONMENT=production \
    STATE_PATH=/var/lib/countylines
RUN groupadd --gid 10001 countylines \
    && useradd --uid 10001 --gid countylines --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin countylines \
    && install -d -o countylines -g countylines -m 0700 /var/lib/countylines /var/lib/evidence
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/countylines
COPY manage.py ./
COPY countylines ./countylines
COPY forces ./forces
COPY recommendations ./recommendations
COPY templates ./templates
COPY static ./static
COPY deploy ./deploy
COPY --from=assets /build/static/build ./static/build
RUN python -m compileall -q countylines forces recommendations
# The settings need values to load. These are placeholders for this one command.
RUN SECRET_KEY=only-to-collect-the-static-files-while-the-image-is-built \
    ALLOWED_HOSTS=build.invalid BASE_URL=https://build.invalid \
    DATABASE_URL=postgres://build.invalid/none REDIS_URL=redis://build.invalid/0 \
    EMAIL_URL=smtp://build.invalid EMAIL_FROM=build@build.invalid \
    python manage.py collectstatic --noinput

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "deploy/ready.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "countylines.asgi:application"]

# For `docker compose run --rm backup`: with the PostgreSQL client of the server's version, from the
# PostgreSQL project's own packages, because Debian has an older one.
FROM service AS backup
USER root
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:/usr/lib/postgresql/18/bin:$PATH
USER 10001:10001
HEALTHCHECK NONE

FROM service
