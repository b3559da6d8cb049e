"""System checks of a deployment (`manage.py check --deploy --database default`)."""

from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connection

from forces.database_roles import excess_privileges


@register(Tags.database, deploy=True)
def check_database_role(
    app_configs: Any = None, databases: Any = None, **_: Any
) -> list[CheckMessage]:
    """Warn if the role that serves pages could rewrite submitted data (docs/operating.md)."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
    if not (privileges := excess_privileges(role)):
        return []
    return [
        CheckWarning(
            f"The database role {role} {' and '.join(privileges)}, so it could rewrite submitted "
            "data.",
            hint="Serve pages with the role created by `manage.py grant_access --to ROLE`.",
            id="forces.W001",
        )
    ]
