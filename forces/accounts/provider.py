"""The single sign-on provider (OpenID Connect), and the roles of its groups."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """Settings of the provider."""

    name: str
    server_url: str
    client_id: str
    client_secret: str = field(repr=False)
    groups: dict[str, str]  # name or id of a group -> "role" or "role:slug-of-the-body"
    groups_claim: str
    assures_second_factor: bool
    trusts_addresses: bool

    def has_second_factor(self, claims: dict[str, Any]) -> bool:
        """Whether the provider asked for a second factor, by its claim `amr` (RFC 8176).

        Always true with OIDC_ASSURES_SECOND_FACTOR.
        """
        methods = claims.get("amr")
        if self.assures_second_factor or not isinstance(methods, list):
            return self.assures_second_factor
        return bool({"mfa", "hwk", "fido"} & set(map(str, methods)))

    @property
    def button_text(self) -> str:
        return f"Sign in with {self.name}"

    @property
    def origin(self) -> str:
        """Scheme, host and port that browsers are redirected to."""
        parts = urlsplit(self.server_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def provider(self) -> dict[str, Any]:
        """The value of allauth's setting SOCIALACCOUNT_PROVIDERS."""
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
