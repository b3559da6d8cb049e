"""`python -m tools.local prepare`: migrates and fills the database of `./dev run`.

One process for all of it, because each start of Django takes a second.
"""

import io
import os
import sys

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone


def prepare() -> int:
    """Migrate, fill an empty database and print the sign-ins. Returns 1 on failure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")
    django.setup()
    try:
        if _has_migrations_to_run():
            call_command("migrate", verbosity=0, interactive=False)
        print(_load_register() if os.environ.get("REGISTER") else _load_demonstration())
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"Cannot use the database of DATABASE_URL: {error}", file=sys.stderr)
        return 1
    return 0


def _has_migrations_to_run() -> bool:
    """Check before `migrate`, which builds every historical model even with nothing to do."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _load_demonstration() -> str:
    """Load demonstration data up to today into an empty database, and return the sign-ins."""
    from recommendations.rules import london_day

    today = london_day(timezone.now())
    call_command("load_demo", as_of=today, seed=1, if_empty=True, stdout=io.StringIO())
    sign_ins = io.StringIO()
    call_command("load_demo", sign_ins=True, stdout=sign_ins)
    return f"Demonstration data: everything is made up. Sign in as\n{sign_ins.getvalue().rstrip()}"


def _load_register() -> str:
    from forces.models import User

    call_command("load_register", stdout=io.StringIO())
    if User.objects.exists():
        return "The real register. Sign in as the administrator you created."
    return (
        "The real register, without users. Create an administrator: "
        "`REGISTER=1 ./dev manage createsuperuser`."
    )
