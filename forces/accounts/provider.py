"""The single sign-on provider (OpenID Connect), and the roles of its groups."""

from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# Whether people with this role can have a body. A test compares them with the roles of the models.
ROLES = {
    "analyst": {False},
    "administrator": {False},
    "liaison_officer": {True},
    "chief_officer": {True},
    "second_reviewer": {True},
    "observer": {True, False},
    "local_policing_body": {True},
}
_TRUE = (True, 1, "1", "true", "True")  # as providers write it
_GUEST = "#ext#"  # of Entra: jo_kent.police.uk#EXT#@homeoffice.onmicrosoft.com


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """Settings of the provider (OIDC_*)."""

    name: str
    server_url: str
    client_id: str
    client_secret: str = field(repr=False)
    groups: dict[str, str]  # name or id of a group -> "role" or "role:slug-of-the-body"
    groups_claim: str
    address_claim: str
    assures_second_factor: bool
    trusts_addresses: bool

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self | None:
        """Return None without OIDC_SERVER_URL. Raises ImproperlyConfigured with a sentence."""
        if not values["OIDC_SERVER_URL"]:
            return None
        for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_GROUPS"):
            if not values[name]:
                raise ImproperlyConfigured(f"{name} is not set: single sign-on needs it.")
        if values["OIDC_ADDRESS_CLAIM"] != "email" and not values["OIDC_TRUSTS_ADDRESSES"]:
            raise ImproperlyConfigured(
                "OIDC_ADDRESS_CLAIM is not email: set OIDC_TRUSTS_ADDRESSES=on, because providers "
                "confirm no other claim."
            )
        return cls(
            name=values["OIDC_NAME"],
            server_url=values["OIDC_SERVER_URL"],
            client_id=values["OIDC_CLIENT_ID"],
            client_secret=values["OIDC_CLIENT_SECRET"],
            groups=values["OIDC_GROUPS"],
            groups_claim=values["OIDC_GROUPS_CLAIM"],
            address_claim=values["OIDC_ADDRESS_CLAIM"],
            assures_second_factor=values["OIDC_ASSURES_SECOND_FACTOR"],
            trusts_addresses=values["OIDC_TRUSTS_ADDRESSES"],
        )

    def has_second_factor(self, claims: dict[str, Any]) -> bool:
        """Whether the provider asked for a second factor, by its claim `amr` (RFC 8176).

        Always true with OIDC_ASSURES_SECOND_FACTOR.
        """
        methods = claims.get("amr")
        if self.assures_second_factor or not isinstance(methods, list):
            return self.assures_second_factor
        return bool({"mfa", "hwk", "fido"} & set(map(str, methods)))

    def groups_of(self, claims: dict[str, Any]) -> set[str] | None:
        """Return the person's groups; None if the provider did not list them.

        Entra leaves them out for somebody in more than 200 groups, and says so with one of two
        other claims. Any provider leaves them out if the claim is not set up. A person without a
        group has an empty list.
        """
        elsewhere = claims.get("_claim_names")
        is_elsewhere = isinstance(elsewhere, dict) and self.groups_claim in elsewhere
        groups = claims.get(self.groups_claim)
        if groups is None or is_elsewhere or claims.get("hasgroups") in _TRUE:
            return None
        return {str(group) for group in (groups if isinstance(groups, list) else [groups])}

    def address_of(self, claims: dict[str, Any]) -> str:
        """Return the person's email address, or "" if the provider did not confirm it.

        Entra confirms with `xms_edov`, if it is set up. The name of a guest account is no address.
        """
        is_confirmed = any(claims.get(name) in _TRUE for name in ("email_verified", "xms_edov"))
        if not self.trusts_addresses and not is_confirmed:
            return ""
        address = str(claims.get(self.address_claim) or "").strip()
        return "" if _GUEST in address.lower() else address

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


def group_roles(text: str) -> dict[str, str]:
    """`group=analyst, other group=liaison_officer:kent` as a dictionary.

    Raises ValueError with the end of a sentence that begins with OIDC_GROUPS.
    """
    groups = {}
    for entry in text.split(","):
        group, equals, role_and_body = entry.strip().rpartition("=")
        role, _, body = role_and_body.partition(":")
        if not equals or not group or bool(body) not in ROLES.get(role, set()):
            raise ValueError(
                f"must be group=role, with :body after an officer's role, and "
                f"{entry.strip()!r} is not"
            )
        groups[group.strip()] = role_and_body
    return groups
