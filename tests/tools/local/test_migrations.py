"""The linter of migrations finds what would stop the previous release."""

from pathlib import Path

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tools.local.checkout import installed
from tools.local.migrations import squawk, write_sql

pytestmark = pytest.mark.django_db(transaction=True)

INDEX = models.Index(fields=["name"], name="body_name")
POSITIVE = models.CheckConstraint(condition=models.Q(tile_row__gte=0), name="tile_row_positive")
NUMBER = models.IntegerField(db_default=0, default=0)
UNSAFE = {
    "ban-drop-column": migrations.RemoveField("body", "tile_row"),
    "renaming-column": migrations.RenameField("body", "tile_row", "row"),
    "renaming-table": migrations.RunSQL("alter table forces_body rename to forces_organisation"),
    "ban-drop-default": migrations.AddField("body", "number", models.IntegerField(default=0)),
    "adding-required-field": migrations.RunSQL("ALTER TABLE forces_body ADD number int NOT NULL"),
    "require-concurrent-index-creation": migrations.AddIndex("body", INDEX),
    "constraint-missing-not-valid": migrations.AddConstraint("body", POSITIVE),
}
SAFE = [
    migrations.AddField("body", "number", NUMBER),
    migrations.AddField("body", "note", models.TextField(null=True)),
    AddConstraintNotValid("body", POSITIVE),
    migrations.CreateModel(
        "Station",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=60, unique=True)),
            ("body", models.ForeignKey("forces.body", models.PROTECT)),
        ],
    ),
]


@pytest.fixture(scope="module")
def before(django_db_setup, django_db_blocker) -> ProjectState:
    if not Path(installed("squawk")).exists():
        pytest.fail("squawk is not installed: run `make lock` and `./dev setup`.")
    with django_db_blocker.unblock():
        state = MigrationLoader(connection).project_state()
        state.apps  # noqa: B018 # rendered once
    return state


def lint(folder: Path, before: ProjectState, *operations, **attributes) -> int:
    migration = migrations.Migration("9999_sample", "forces")
    migration.operations = list(operations)
    for name, value in attributes.items():
        setattr(migration, name, value)
    return squawk([write_sql(migration, before.clone(), folder)])


@pytest.mark.parametrize("rule", UNSAFE)
def test_it_finds_what_is_not_safe(tmp_path, before, capfd, rule):
    assert lint(tmp_path, before, UNSAFE[rule]) == 1
    assert rule in capfd.readouterr().out
    assert lint(tmp_path, before, UNSAFE[rule], lint_exceptions={rule: "A test."}) == 0


def test_it_accepts_what_is_safe(tmp_path, before):
    assert lint(tmp_path, before, *SAFE) == 0
    assert lint(tmp_path, before, AddIndexConcurrently("body", INDEX), atomic=False) == 0
