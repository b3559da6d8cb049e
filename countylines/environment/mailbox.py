"""The mailbox of delivery failures, as BOUNCE_MAILBOX_URL and BOUNCE_MAILBOX_CLIENT_ID name it."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """How the service gets an access token of its own (RFC 6749, client credentials)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self | None:
        """Return None without BOUNCE_MAILBOX_CLIENT_ID. Raises ImproperlyConfigured."""
        prefix = "BOUNCE_MAILBOX_"
        if not values[f"{prefix}CLIENT_ID"]:
            return None
        names = ("token_url", "client_id", "client_secret", "scope")
        fields = {name: values[f"{prefix}{name.upper()}"] for name in names}
        for name, value in fields.items():
            if not value:
                raise ImproperlyConfigured(
                    f"{prefix}{name.upper()} is not set: BOUNCE_MAILBOX_CLIENT_ID needs it."
                )
        return cls(**fields)


@dataclass(frozen=True, kw_only=True)
class BounceMailbox:
    """How to reach the mailbox. `security`: `tls`, `starttls`, or `none` on this machine."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)  # empty if the service signs in with an access token
    folder: str
    security: str
    oauth: OAuthClient | None = None

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self | None:
        """Return None without BOUNCE_MAILBOX_URL. Raises ImproperlyConfigured with a sentence."""
        mailbox: Self | None = values["BOUNCE_MAILBOX_URL"]
        if mailbox is None:
            return None
        oauth = OAuthClient.of(values)
        if bool(mailbox.password) == bool(oauth):
            raise ImproperlyConfigured(
                "BOUNCE_MAILBOX_URL needs a password, or else BOUNCE_MAILBOX_CLIENT_ID."
            )
        return replace(mailbox, oauth=oauth)

    @property
    def secret(self) -> str:
        """What the log formatter hides."""
        return self.oauth.client_secret if self.oauth else self.password
