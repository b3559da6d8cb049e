"""The values of the environment variables, as the settings use them."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from countylines.environment.evidence import evidence_storage
from countylines.environment.mailbox import BounceMailbox
from countylines.environment.variable import PRODUCTION
from countylines.environment.variables import VARIABLES
from forces.accounts.provider import SingleSignOn

NOTIFY_BACKEND = "recommendations.emails.transports.notify_backend.NotifyBackend"


@dataclass(frozen=True, kw_only=True)
class Notify:
    """How to reach GOV.UK Notify (NOTIFY_*)."""

    api_key: str = field(repr=False)
    template_id: str
    base_url: str

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self | None:
        """Return None without NOTIFY_API_KEY. Raises ImproperlyConfigured with a sentence."""
        if not values["NOTIFY_API_KEY"]:
            return None
        if not values["NOTIFY_TEMPLATE_ID"]:
            raise ImproperlyConfigured(
                "NOTIFY_TEMPLATE_ID is not set: GOV.UK Notify sends no email without a template."
            )
        return cls(
            api_key=values["NOTIFY_API_KEY"],
            template_id=values["NOTIFY_TEMPLATE_ID"],
            base_url=values["NOTIFY_BASE_URL"],
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
    email_return_address: str  # empty: the one in email_from
    bounce_mailbox: BounceMailbox | None
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
            self.bounce_mailbox.secret if self.bounce_mailbox else "",
            self.evidence["OPTIONS"].get("secret_key"),
            self.metrics_token,
            *self.old_secret_keys,
            self.single_sign_on.client_secret if self.single_sign_on else "",
        )
        return tuple(unquote(str(value)) for value in values if value)

    @classmethod
    def read(cls, *, root: Path) -> Self:
        """Read os.environ. `root` is the folder of the checkout.

        Raises ImproperlyConfigured with a sentence that says which value is missing or unsafe.
        """
        values = _read_variables()
        is_production = values["ENVIRONMENT"] == PRODUCTION
        _check_together(values, is_production=is_production)
        state = values["STATE_PATH"] or root / "var"
        proxies = values["TRUSTED_PROXIES"]
        return cls(
            name=values["ENVIRONMENT"],
            debug=values["DEBUG"],
            secret_key=values["SECRET_KEY"],
            allowed_hosts=values["ALLOWED_HOSTS"],
            base_url=values["BASE_URL"] or f"http://localhost:{values['PORT']}",
            database=_database(values),
            redis_url=values["REDIS_URL"],
            email=_email(values),
            email_from=values["EMAIL_FROM"],
            email_return_address=values["EMAIL_RETURN_ADDRESS"] or "",
            bounce_mailbox=BounceMailbox.of(values),
            email_timeout=values["EMAIL_TIMEOUT"],
            mail_lease=values["MAIL_LEASE"],
            mail_first_pause=values["MAIL_FIRST_PAUSE"],
            notify=Notify.of(values),
            contact_email=values["CONTACT_EMAIL"] or "",
            mailbox=None if is_production else values["MAILBOX_PATH"],
            state=state,
            evidence=evidence_storage(values["EVIDENCE_STORAGE_URL"] or "", state=state),
            evidence_quota=values["EVIDENCE_QUOTA_MB"] * 1_000_000,
            clamd_url=values["CLAMD_URL"] or "",
            metrics_token=values["METRICS_TOKEN"] or "",
            backup_recipients=values["BACKUP_RECIPIENTS"] or [],
            admin_path=values["ADMIN_PATH"],
            old_secret_keys=values["SECRET_KEY_FALLBACKS"] or [],
            trusted_proxies=int(is_production) if proxies is None else proxies,
            single_sign_on=SingleSignOn.of(values),
        )

    @classmethod
    def read_or_exit(cls, *, root: Path) -> Self:
        """Read os.environ, or print the sentence and end the process with exit code 1."""
        try:
            return cls.read(root=root)
        except ImproperlyConfigured as error:
            sys.exit(str(error))


def _check_together(values: dict[str, Any], *, is_production: bool) -> None:
    """Raise ImproperlyConfigured if values do not go together."""
    if values["MAIL_LEASE"] < 20 * values["EMAIL_TIMEOUT"]:
        raise ImproperlyConfigured(
            "MAIL_LEASE must be at least twenty times EMAIL_TIMEOUT: otherwise a slow email "
            "server could outlast it, and an email could be sent twice."
        )
    if values["DATABASE_PASSWORD"] and values["DATABASE_URL"]["PASSWORD"]:
        raise ImproperlyConfigured(
            "DATABASE_PASSWORD is set and DATABASE_URL has a password: one of them is needed."
        )
    if not is_production:
        return
    if not (values["EMAIL_URL"] or values["NOTIFY_API_KEY"]):
        raise ImproperlyConfigured(
            "EMAIL_URL is not set: emails are sent by it, or by NOTIFY_API_KEY."
        )
    from django.http.request import validate_host  # late: gunicorn's main process needs no Django

    host = urlsplit(values["BASE_URL"]).hostname
    if not validate_host(host, values["ALLOWED_HOSTS"]):
        raise ImproperlyConfigured(
            f"BASE_URL has the host {host}, which is not one of ALLOWED_HOSTS: links in emails "
            "would not work."
        )


def _database(values: dict[str, Any]) -> dict[str, Any]:
    database: dict[str, Any] = values["DATABASE_URL"]
    if values["DATABASE_PASSWORD"]:
        return database | {"PASSWORD": values["DATABASE_PASSWORD"]}
    return database


def _email(values: dict[str, Any]) -> dict[str, Any]:
    """The settings of Django's email: by EMAIL_URL, or by GOV.UK Notify if only its key is set."""
    if values["EMAIL_URL"]:
        email: dict[str, Any] = values["EMAIL_URL"]
        return email
    backend = "django.core.mail.backends.console.EmailBackend"
    return {"EMAIL_BACKEND": NOTIFY_BACKEND if values["NOTIFY_API_KEY"] else backend}


def read_or_exit(name: str) -> Any:
    """Return one value, or print the sentence and end the process with exit code 1.

    For processes that do not load the settings, or need the value before.
    """
    [variable] = [variable for variable in VARIABLES if variable.name == name]
    try:
        return variable.read(is_production=False)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def _read_variables() -> dict[str, Any]:
    """Return the value of each variable by its name. Raises ImproperlyConfigured with a sentence.

    The sentence says which variable is missing, malformed or unsafe, and why.
    """
    first, *others = VARIABLES
    environment = first.read(is_production=False)
    values = {first.name: environment}
    for variable in others:
        values[variable.name] = variable.read(is_production=environment == PRODUCTION)
    return values
