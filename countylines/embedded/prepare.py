"""What a database needs before the service opens on it, in one process (each costs a second)."""

import io
import os
import sys

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone


def prepare() -> int:
    """Migrate, fill an empty database, and print the sign-ins. The exit code is 1 on a failure."""
    django.setup()
    try:
        if _has_migrations_to_run():
            call_command("migrate", verbosity=0, interactive=False)
        print(_register() if os.environ.get("REGISTER") else _demonstration())
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"The database of DATABASE_URL cannot be used: {error}", file=sys.stderr)
        return 1
    return 0


def _has_migrations_to_run() -> bool:
    """Asked first: `migrate` builds every model anew, even where there is nothing to do."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _demonstration() -> str:
    """The year up to today, loaded into an empty database only; then the sign-ins."""
    from recommendations.rules import london_day

    today = london_day(timezone.now())
    call_command("load_demo", as_of=today, seed=1, if_empty=True, stdout=io.StringIO())
    sign_ins = io.StringIO()
    call_command("load_demo", sign_ins=True, stdout=sign_ins)
    return f"Demonstration data: all of it is made up. Sign in as\n{sign_ins.getvalue().rstrip()}"


def _register() -> str:
    from forces.models import User

    call_command("load_register", stdout=io.StringIO())
    if User.objects.exists():
        return "The real register. Sign in as the administrator you made."
    return "The real register, and nobody in it yet: `REGISTER=1 ./dev manage createsuperuser`."
