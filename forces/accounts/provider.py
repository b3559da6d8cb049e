"""The single sign-on provider: an OpenID Connect server, and which role its groups give."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """The provider, and what its groups make of their members."""

    name: str
    server_url: str
    client_id: str
    client_secret: str = field(repr=False)
    groups: dict[str, str]  # the group's name or id -> "role" or "role:slug-of-the-body"
    groups_claim: str
    assures_second_factor: bool
    trusts_addresses: bool

    def has_second_factor(self, claims: dict[str, Any]) -> bool:
        """Whether the provider asked for more than a password: by its claim `amr` (RFC 8176), or
        by its rules, where OIDC_ASSURES_SECOND_FACTOR says that it always does."""
        methods = claims.get("amr")
        told = isinstance(methods, list) and bool({"mfa", "hwk", "fido"} & set(map(str, methods)))
        return self.assures_second_factor or told

    @property
    def words(self) -> str:
        """What stands on the button."""
        return f"Sign in with {self.name}"

    @property
    def origin(self) -> str:
        """Where the browser is sent to: scheme, host and port."""
        parts = urlsplit(self.server_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def provider(self) -> dict[str, Any]:
        """As allauth's setting SOCIALACCOUNT_PROVIDERS takes it."""
        app = {
            "provider_id": "single-sign-on",
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.server_url, "oauth_pkce_enabled": True},
        }
        return {
            "openid_connect": {
                "APPS": [app],
                "SCOPE": ["openid", "email", "profile"],
                "OAUTH_PKCE_ENABLED": True,
            }
        }
