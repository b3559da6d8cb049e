"""Lints the SQL of new migrations with squawk: `python -m tools.local.migrations`.

A migration runs while the previous release serves. CONTRIBUTING.md (*Migrations*) has the rules.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tools.local.checkout import installed

# The last migrations from before there was this linter. Some of them needed an interruption.
NOT_LINTED = {"forces": "0014", "recommendations": "0028"}
POSTGRES_VERSION = "18.0"
EXCLUDED_RULES = {
    "prefer-text-field": "Django chooses the types of columns.",
    "prefer-bigint-over-int": "Django chooses the types of columns.",
    "prefer-bigint-over-smallint": "Django chooses the types of columns.",
    "require-lock-timeout": "`manage.py migrate` sets it.",
    "require-statement-timeout": "A statement that waits for no lock may take its time.",
    "prefer-robust-stmts": "Django records which migrations have run.",
}


def main() -> int:
    """Lint the new migrations of our apps. Return the exit code of squawk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")
    django.setup()
    loader = MigrationLoader(connection)
    new = [
        key
        for key in sorted(loader.graph.nodes)
        if key[0] in NOT_LINTED and key[1][:4] > NOT_LINTED[key[0]]
    ]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for key in new:
            parents = [parent.key for parent in loader.graph.node_map[key].parents]
            state = loader.project_state(parents)
            files.append(write_sql(loader.get_migration(*key), state, Path(folder)))
        return squawk(files)


def write_sql(migration: Migration, state: ProjectState, folder: Path) -> Path:
    """Write the SQL of a migration to a file, and return that. `state` is the one before it.

    A migration can have `lint_exceptions`, which maps rules of squawk to the reasons why it is safe
    to break them.
    """
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    lines = [*editor.collected_sql]
    if migration.atomic:
        lines = ["BEGIN;", *lines, "COMMIT;"]
    if exceptions := getattr(migration, "lint_exceptions", None):
        lines.insert(0, f"-- squawk-ignore-file {', '.join(exceptions)}")
    path = folder / f"{migration.app_label}.{migration.name}.sql"
    path.write_text("\n".join(lines))
    return path


def squawk(files: list[Path]) -> int:
    """Run squawk, which prints what it finds. Return its exit code: 0 if it finds nothing."""
    if not files:
        return 0
    command = [installed("squawk"), "--pg-version", POSTGRES_VERSION]
    command += ["--reporter", "gcc", "--exclude", ",".join(EXCLUDED_RULES), *map(str, files)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
