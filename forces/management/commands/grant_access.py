"""`manage.py grant_access`: grants the application's database role what it needs."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forces.database_roles import ExcessPrivileges, grant_access


class Command(BaseCommand):
    help = "Grants the application's role what it needs. Run it as the tables' owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, help="The role. Created if it does not exist.")

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        """Sets the role's password to APP_DATABASE_PASSWORD, if that is given."""
        try:
            granted = grant_access(to, password=os.environ.get("APP_DATABASE_PASSWORD", ""))
        except ExcessPrivileges as error:
            raise CommandError(str(error)) from None
        append_only = [name for name, privileges in granted.items() if "DELETE" not in privileges]
        self.stdout.write(
            f"{to} can use {len(granted)} tables. {len(append_only)} of them are append-only."
        )
