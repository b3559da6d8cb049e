"""What the environment says, read once; a value that is missing or unsafe stops the start.

Development and tests have harmless defaults. Production has none: `Environment.read()` raises
`ImproperlyConfigured` with one sentence that says which value and why.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from countylines.environment.email import MailTimes, Notify
from countylines.environment.single_sign_on import read_single_sign_on
from forces.accounts.provider import SingleSignOn

DEVELOPMENT, TEST, PRODUCTION = "development", "test", "production"
SHORTEST_SECRET_KEY = 50  # characters


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The service's settings from outside. Addresses are URLs; paths are absolute."""

    name: str
    debug: bool
    secret_key: str
    allowed_hosts: list[str]
    base_url: str
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    email_from: str
    mail_times: MailTimes
    notify: Notify | None
    contact_email: str
    mailbox: Path | None
    state: Path
    evidence: dict[str, Any]
    evidence_quota: int
    clamd_url: str
    metrics_token: str
    admin_path: str
    old_secret_keys: list[str]
    trusted_proxies: int
    single_sign_on: SingleSignOn | None

    @property
    def is_production(self) -> bool:
        return self.name == PRODUCTION

    @property
    def cache_url(self) -> str:
        """The same Redis as the broker's, as Django's cache spells it."""
        if not self.redis_url.startswith("redis+socket://"):
            return self.redis_url
        socket = self.redis_url.replace("redis+socket://", "unix://", 1)
        return socket.replace("virtual_host=", "db=")

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that no log line may hold, whatever a library makes of them."""
        s3 = self.evidence["OPTIONS"].get("secret_key")
        held = (
            self.secret_key,
            self.database.get("PASSWORD"),
            urlsplit(self.redis_url).password,
            self.email.get("EMAIL_HOST_PASSWORD"),
            self.notify.api_key if self.notify else "",
            s3,
            self.metrics_token,
            *self.old_secret_keys,
            self.single_sign_on.client_secret if self.single_sign_on else "",
        )
        return tuple(unquote(str(each)) for each in held if each)

    @classmethod
    def read(cls, *, root: Path) -> Self:
        """Read os.environ. Raises ImproperlyConfigured with a sentence for a person."""
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
            mail_times=MailTimes.read(env),
            notify=Notify.read(env),
            contact_email=env.str("CONTACT_EMAIL", ""),
            mailbox=Path(mailbox) if mailbox else None,
            state=state,
            evidence=evidence_storage(env.str("EVIDENCE_STORAGE_URL", ""), state=state),
            evidence_quota=env.int("EVIDENCE_QUOTA_MB", 2000) * 1_000_000,
            clamd_url=_clamd_url(env.str("CLAMD_URL", "")),
            metrics_token=env.str("METRICS_TOKEN", ""),
            admin_path=_admin_path(env.str("ADMIN_PATH", "register-office")),
            old_secret_keys=env.list("SECRET_KEY_FALLBACKS", default=[]),
            trusted_proxies=env.int("TRUSTED_PROXIES", 1 if name == PRODUCTION else 0),
            single_sign_on=read_single_sign_on(env, is_production=name == PRODUCTION),
        )


def _email(env: Any) -> dict[str, Any]:
    """How Django's own mail leaves: by EMAIL_URL, else by GOV.UK Notify where it has a key."""
    url = env.str("EMAIL_URL", "")
    if not url and env.str("NOTIFY_API_KEY", ""):
        return {"EMAIL_BACKEND": "recommendations.emails.transports.notify_backend.NotifyBackend"}
    email: dict[str, Any] = env.email_url_config(url or "consolemail://")
    return email


def _database(env: Any) -> dict[str, Any]:
    """DATABASE_URL for Django; a `host=` in the query names the folder of a Unix socket."""
    database: dict[str, Any] = env.db_url(
        "DATABASE_URL", default="postgres://localhost/countylines"
    )
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must be a postgres:// address: nothing else will do."
        )
    host = database.get("OPTIONS", {}).pop("host", None)
    if host:
        database["HOST"] = host
    return database


def evidence_storage(url: str, *, state: Path) -> dict[str, Any]:
    """EVIDENCE_STORAGE_URL as Django's STORAGES takes it; without one, a folder of the state.

    `file:///srv/evidence`, or `s3://key:secret@host:port/bucket?region=eu-west-2&tls=on`; without a
    host (`s3:///bucket`) it is Amazon's, and without a key the machine's own role is used.
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
    """Where Django's admin lies: not where everybody looks first."""
    if not re.fullmatch(r"[a-z0-9-]+", path):
        raise ImproperlyConfigured(
            f"ADMIN_PATH is {path!r}; it must be one word of small letters, digits and hyphens."
        )
    return path


def _clamd_url(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme != "clamd" or not (parts.hostname or parts.path)):
        raise ImproperlyConfigured("CLAMD_URL must be clamd://host:3310 or clamd:///socket.")
    return url


def _refuse_unsafe(env: Any, *, debug: bool) -> None:
    """Production has no defaults: say which value is missing or unsafe, and why."""
    required = {
        "SECRET_KEY": "it signs sessions and reset links",
        "ALLOWED_HOSTS": "it names the hosts that this service answers for",
        "BASE_URL": "links in mail begin with it",
        "DATABASE_URL": "everything is kept there",
        "REDIS_URL": "jobs travel through it",
        "EMAIL_FROM": "mail must name its sender",
    }
    for name, why in required.items():
        if not env.str(name, ""):
            raise ImproperlyConfigured(f"{name} is not set: {why}.")
    if not (env.str("EMAIL_URL", "") or env.str("NOTIFY_API_KEY", "")):
        raise ImproperlyConfigured(
            "EMAIL_URL is not set: the weekly digest leaves by it, or by NOTIFY_API_KEY."
        )
    if debug:
        raise ImproperlyConfigured("DEBUG is on: in production it would show the code to visitors.")
    if len(env.str("SECRET_KEY")) < SHORTEST_SECRET_KEY:
        raise ImproperlyConfigured(
            f"SECRET_KEY is shorter than {SHORTEST_SECRET_KEY} characters: it could be guessed."
        )
    if "*" in env.list("ALLOWED_HOSTS"):
        raise ImproperlyConfigured("ALLOWED_HOSTS holds *: any host name would be believed.")
    if not env.str("BASE_URL").startswith("https://"):
        raise ImproperlyConfigured("BASE_URL must begin with https://: sign-ins travel over it.")
