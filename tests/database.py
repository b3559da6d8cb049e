"""The database of the tests: its URL, and changes that only a superuser can make."""

import os
from urllib.parse import urlsplit

from django.db import connection, transaction


def database_url() -> str:
    """Return the URL of the database that this process tests with."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@transaction.atomic
def as_superuser(sql: str) -> None:
    """Run statements without triggers and foreign keys, as somebody could who owns the server."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
