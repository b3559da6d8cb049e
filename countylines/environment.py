"""Reads and checks the environment variables.

Development and tests have harmless defaults. Production has none for the values it requires.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from forces.accounts.provider import SingleSignOn

DEVELOPMENT, TEST, PRODUCTION = "development", "test", "production"
MIN_SECRET_KEY_LENGTH = 50  # characters
NOTIFY_URL = "https://api.notifications.service.gov.uk"
MIN_NOTIFY_KEY_LENGTH = 74  # characters: two UUIDs and a name


@dataclass(frozen=True, kw_only=True)
class Notify:
    """How to reach GOV.UK Notify (NOTIFY_*)."""

    api_key: str
    template_id: str
    base_url: str

    @classmethod
    def read(cls, env: Any) -> Self | None:
        """Return None without NOTIFY_API_KEY. Raises ImproperlyConfigured with a sentence."""
        key, template = env.str("NOTIFY_API_KEY", ""), env.str("NOTIFY_TEMPLATE_ID", "")
        if not key:
            return None
        if len(key) < MIN_NOTIFY_KEY_LENGTH:
            raise ImproperlyConfigured("NOTIFY_API_KEY is too short to be a key of GOV.UK Notify.")
        if not template:
            raise ImproperlyConfigured(
                "NOTIFY_TEMPLATE_ID is not set: GOV.UK Notify sends no email without a template."
            )
        return cls(
            api_key=key, template_id=template, base_url=env.str("NOTIFY_BASE_URL", NOTIFY_URL)
        )


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The values of the environment variables. Paths are absolute."""

    name: str
    debug: bool
    secret_key: str
    allowed_hosts: list[str]
    base_url: str
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    email_from: str
    email_timeout: float  # seconds, for an answer of the email server
    mail_lease: float  # seconds, for which a sender reserves its emails
    mail_first_pause: float  # seconds, before an email is tried again
    notify: Notify | None
    contact_email: str
    mailbox: Path | None
    state: Path
    evidence: dict[str, Any]
    evidence_quota: int  # bytes
    clamd_url: str
    metrics_token: str
    backup_recipients: list[str]
    admin_path: str
    old_secret_keys: list[str]
    trusted_proxies: int
    single_sign_on: SingleSignOn | None

    @property
    def is_production(self) -> bool:
        return self.name == PRODUCTION

    @property
    def cache_url(self) -> str:
        """`redis_url` in the form that Django's cache backend needs."""
        if not self.redis_url.startswith("redis+socket://"):
            return self.redis_url
        socket = self.redis_url.replace("redis+socket://", "unix://", 1)
        return socket.replace("virtual_host=", "db=")

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets among the values, which the log formatter hides."""
        values = (
            self.secret_key,
            self.database.get("PASSWORD"),
            urlsplit(self.redis_url).password,
            self.email.get("EMAIL_HOST_PASSWORD"),
            self.notify.api_key if self.notify else "",
            self.evidence["OPTIONS"].get("secret_key"),
            self.metrics_token,
            *self.old_secret_keys,
            self.single_sign_on.client_secret if self.single_sign_on else "",
        )
        return tuple(unquote(str(value)) for value in values if value)

    @classmethod
    def read(cls, *, root: Path) -> Self:
        """Read os.environ.

        Raises ImproperlyConfigured with a sentence that says which value is missing or unsafe.
        """
        env = environ.Env()
        name = env.str("ENVIRONMENT", PRODUCTION)
        if name not in {DEVELOPMENT, TEST, PRODUCTION}:
            raise ImproperlyConfigured(
                f"ENVIRONMENT is {name!r}; it must be development, test or production."
            )
        debug = env.bool("DEBUG", False)
        if name == PRODUCTION:
            _refuse_unsafe(env, debug=debug)
        port = env.str("PORT", "8000")
        mailbox = env.str("MAILBOX_PATH", "") if name != PRODUCTION else ""
        state = Path(env.str("STATE_PATH", str(root / "var")))
        return cls(
            name=name,
            debug=debug,
            secret_key=env.str("SECRET_KEY", "not-secret-" * 5),
            allowed_hosts=env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"]),
            base_url=env.str("BASE_URL", f"http://localhost:{port}").rstrip("/"),
            database=_database(env),
            redis_url=env.str("REDIS_URL", "redis://localhost:6379/0"),
            email=_email(env),
            email_from=env.str(
                "EMAIL_FROM", "County lines recommendations tracker <tracker@localhost>"
            ),
            **_email_times(env),
            notify=Notify.read(env),
            contact_email=env.str("CONTACT_EMAIL", ""),
            mailbox=Path(mailbox) if mailbox else None,
            state=state,
            evidence=evidence_storage(env.str("EVIDENCE_STORAGE_URL", ""), state=state),
            evidence_quota=env.int("EVIDENCE_QUOTA_MB", 2000) * 1_000_000,
            clamd_url=_clamd_url(env.str("CLAMD_URL", "")),
            metrics_token=env.str("METRICS_TOKEN", ""),
            backup_recipients=env.list("BACKUP_RECIPIENTS", default=[]),
            admin_path=_admin_path(env.str("ADMIN_PATH", "register-office")),
            old_secret_keys=env.list("SECRET_KEY_FALLBACKS", default=[]),
            trusted_proxies=env.int("TRUSTED_PROXIES", 1 if name == PRODUCTION else 0),
            single_sign_on=SingleSignOn.read(env, is_production=name == PRODUCTION),
        )


def _email(env: Any) -> dict[str, Any]:
    """The settings of Django's email: by EMAIL_URL, or by GOV.UK Notify if only its key is set."""
    url = env.str("EMAIL_URL", "")
    if not url and env.str("NOTIFY_API_KEY", ""):
        return {"EMAIL_BACKEND": "recommendations.emails.transports.notify_backend.NotifyBackend"}
    email: dict[str, Any] = env.email_url_config(url or "consolemail://")
    return email


def _email_times(env: Any) -> dict[str, float]:
    """Return the times of `Environment`, in seconds.

    Raises ImproperlyConfigured if a lease could end while its sender is still waiting.
    """
    timeout, lease = env.float("EMAIL_TIMEOUT", 20.0), env.float("MAIL_LEASE", 600.0)
    first_pause = env.float("MAIL_FIRST_PAUSE", 300.0)
    if min(timeout, first_pause) <= 0:
        raise ImproperlyConfigured("EMAIL_TIMEOUT and MAIL_FIRST_PAUSE must be above 0 seconds.")
    if lease < 20 * timeout:
        raise ImproperlyConfigured(
            "MAIL_LEASE must be at least twenty times EMAIL_TIMEOUT: otherwise a slow email "
            "server could outlast it, and an email could be sent twice."
        )
    return {"email_timeout": timeout, "mail_lease": lease, "mail_first_pause": first_pause}


def _database(env: Any) -> dict[str, Any]:
    """The settings of the database. `host=` in the query is the folder of a Unix socket."""
    database: dict[str, Any] = env.db_url(
        "DATABASE_URL", default="postgres://localhost/countylines"
    )
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must be a postgres:// address: only PostgreSQL is supported."
        )
    host = database.get("OPTIONS", {}).pop("host", None)
    if host:
        database["HOST"] = host
    return database


def evidence_storage(url: str, *, state: Path) -> dict[str, Any]:
    """Return the entry of STORAGES for EVIDENCE_STORAGE_URL; without one, a folder in `state`.

    `file:///srv/evidence`, or `s3://key:secret@host:port/bucket?region=eu-west-2&tls=on`. Without a
    host (`s3:///bucket`) the bucket is at Amazon, and without a key the machine's role is used.
    """
    parts = urlsplit(url or f"file://{state / 'evidence'}")
    if parts.scheme == "file":
        options = {"location": unquote(parts.path), "file_permissions_mode": 0o600}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not bucket or "/" in bucket:
        raise ImproperlyConfigured(
            "EVIDENCE_STORAGE_URL must be file:///folder or s3://key:secret@host/bucket."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    scheme = "http" if query.get("tls") == "off" else "https"
    host = parts.netloc.rpartition("@")[2]
    s3 = {
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{host}" if host else None,
        "region_name": query.get("region"),
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": s3}


def _admin_path(path: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+", path):
        raise ImproperlyConfigured(
            f"ADMIN_PATH is {path!r}; it must be lower-case letters, digits and hyphens only."
        )
    return path


def _clamd_url(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme != "clamd" or not (parts.hostname or parts.path)):
        raise ImproperlyConfigured("CLAMD_URL must be clamd://host:3310 or clamd:///socket.")
    return url


def _refuse_unsafe(env: Any, *, debug: bool) -> None:
    """Raise ImproperlyConfigured if a value is missing or unsafe in production."""
    required = {
        "SECRET_KEY": "it signs sessions and reset links",
        "ALLOWED_HOSTS": "it lists the host names of the service",
        "BASE_URL": "links in emails begin with it",
        "DATABASE_URL": "all data are stored there",
        "REDIS_URL": "jobs are queued there",
        "EMAIL_FROM": "emails need a sender",
    }
    for name, why in required.items():
        if not env.str(name, ""):
            raise ImproperlyConfigured(f"{name} is not set: {why}.")
    if not (env.str("EMAIL_URL", "") or env.str("NOTIFY_API_KEY", "")):
        raise ImproperlyConfigured(
            "EMAIL_URL is not set: emails are sent by it, or by NOTIFY_API_KEY."
        )
    if debug:
        raise ImproperlyConfigured("DEBUG is on: in production it would show the code to visitors.")
    if len(env.str("SECRET_KEY")) < MIN_SECRET_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"SECRET_KEY is shorter than {MIN_SECRET_KEY_LENGTH} characters: it could be guessed."
        )
    if "*" in env.list("ALLOWED_HOSTS"):
        raise ImproperlyConfigured("ALLOWED_HOSTS contains *: any host name would be trusted.")
    if not env.str("BASE_URL").startswith("https://"):
        raise ImproperlyConfigured("BASE_URL must begin with https://: people sign in over it.")
