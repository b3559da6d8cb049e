"""Lets the application's role do its work, and nothing that could rewrite the history."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forces.database_roles import TooPowerful, grant_access


class Command(BaseCommand):
    help = "Grants the application's role what it needs. Run it as the tables' owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, help="The role; made where there is none.")

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        """The password, if it is to be set, comes from APP_DATABASE_PASSWORD."""
        try:
            granted = grant_access(to, password=os.environ.get("APP_DATABASE_PASSWORD", ""))
        except TooPowerful as refusal:
            raise CommandError(str(refusal)) from None
        only_added = [name for name, privileges in granted.items() if "DELETE" not in privileges]
        self.stdout.write(
            f"{to} may use {len(granted)} tables; {len(only_added)} of them it can only add to."
        )
