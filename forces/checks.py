"""What a deployment should not be like."""

from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Weakness
from django.db import connection

from forces.database_roles import powers_of


@register(Tags.database, deploy=True)
def check_database_role(
    app_configs: Any = None, databases: Any = None, **_: Any
) -> list[CheckMessage]:
    """The role that serves pages should own nothing (docs/operating.md)."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
    powers = powers_of(role)
    if not powers:
        return []
    return [
        Weakness(
            f"The database role {role} {' and '.join(powers)}: it could rewrite what was "
            "submitted.",
            hint="Serve with the role that `manage.py grant_access --to ROLE` makes.",
            id="forces.W001",
        )
    ]
