"""Single sign-on by OpenID Connect, as the environment describes it (OIDC_*)."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# Which role has a body: must it, may it? A test holds this equal to the roles there are.
ROLES = {
    "analyst": {False},
    "administrator": {False},
    "liaison_officer": {True},
    "chief_officer": {True},
    "observer": {True, False},
}


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

    @classmethod
    def read(cls, env: Any, *, is_production: bool) -> "SingleSignOn | None":
        """None without OIDC_SERVER_URL. Raises ImproperlyConfigured with a sentence."""
        server_url = env.str("OIDC_SERVER_URL", "")
        if not server_url:
            return None
        for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_GROUPS"):
            if not env.str(name, ""):
                raise ImproperlyConfigured(f"{name} is not set: single sign-on needs it.")
        if is_production and not server_url.startswith("https://"):
            raise ImproperlyConfigured(
                "OIDC_SERVER_URL must begin with https://: sign-ins travel over it."
            )
        return cls(
            name=env.str("OIDC_NAME", "your organisation's account"),
            server_url=server_url,
            client_id=env.str("OIDC_CLIENT_ID"),
            client_secret=env.str("OIDC_CLIENT_SECRET"),
            groups=_groups(env.str("OIDC_GROUPS")),
            groups_claim=env.str("OIDC_GROUPS_CLAIM", "groups"),
            assures_second_factor=env.bool("OIDC_ASSURES_SECOND_FACTOR", False),
            trusts_addresses=env.bool("OIDC_TRUSTS_ADDRESSES", False),
        )


def _groups(text: str) -> dict[str, str]:
    """`group=analyst, other group=liaison_officer:kent` as a dictionary."""
    groups = {}
    for entry in text.split(","):
        group, equals, standing = entry.strip().rpartition("=")
        role, _, body = standing.partition(":")
        if not equals or not group or bool(body) not in ROLES.get(role, set()):
            raise ImproperlyConfigured(
                f"OIDC_GROUPS must be group=role, with :body behind an officer's role, and "
                f"{entry.strip()!r} is not."
            )
        groups[group.strip()] = standing
    return groups
