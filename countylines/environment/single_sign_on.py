"""Reads and checks the environment variables about single sign-on (OIDC_*)."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from forces.accounts.provider import SingleSignOn

# Whether people with this role can have a body. A test compares them with the roles of the models.
ROLES = {
    "analyst": {False},
    "administrator": {False},
    "liaison_officer": {True},
    "chief_officer": {True},
    "observer": {True, False},
}


def read_single_sign_on(env: Any, *, is_production: bool) -> SingleSignOn | None:
    """Return None without OIDC_SERVER_URL. Raises ImproperlyConfigured with a sentence."""
    server_url = env.str("OIDC_SERVER_URL", "")
    if not server_url:
        return None
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_GROUPS"):
        if not env.str(name, ""):
            raise ImproperlyConfigured(f"{name} is not set: single sign-on needs it.")
    if is_production and not server_url.startswith("https://"):
        raise ImproperlyConfigured(
            "OIDC_SERVER_URL must begin with https://: people sign in over it."
        )
    return SingleSignOn(
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
        group, equals, role_and_body = entry.strip().rpartition("=")
        role, _, body = role_and_body.partition(":")
        if not equals or not group or bool(body) not in ROLES.get(role, set()):
            raise ImproperlyConfigured(
                f"OIDC_GROUPS must be group=role, with :body after an officer's role, and "
                f"{entry.strip()!r} is not."
            )
        groups[group.strip()] = role_and_body
    return groups
