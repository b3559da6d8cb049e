"""The application's own database role cannot rewrite submitted data."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from forces.database_roles import check_database_role, excess_privileges, grant_access
from recommendations.actions.drafts import open_draft
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.jobs import housekeeping
from recommendations.models import Assignment, Draft, Update
from recommendations.positions import flag_episodes, positions
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    send_back,
    submit,
)

pytestmark = pytest.mark.django_db
ROLE = "application_of_the_tests"
APPEND_ONLY_TABLES = {
    "forces_auditevent",
    "recommendations_update",
    "recommendations_review",
    "recommendations_reviewcorrection",
    "recommendations_secondreview",
    "recommendations_duedatechange",
    "recommendations_duedaterequest",
    "recommendations_duedatedecision",
    "recommendations_question",
    "recommendations_reply",
    "recommendations_withdrawal",
    "recommendations_ending",
    "forces_bodyname",
    "forces_bodyend",
    "recommendations_approvalrequest",
    "recommendations_approvaldecision",
    "recommendations_aspectcheck",
    "recommendations_response",
    "recommendations_closure",
    "recommendations_jointaction",
    "recommendations_jointevent",
    "recommendations_jointparticipant",
    "recommendations_jointstep",
    "recommendations_outcomefigure",
    "recommendations_quote",
    "recommendations_bodyrequest",
    "recommendations_bodyrequestevent",
    "recommendations_step",
    "recommendations_updatesearch",
}
KEYS = {"recommendations_updatesearch": "update_id"}  # of those without an id


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def as_application() -> Iterator[None]:
    """Run the rest of the test as the application's role."""
    call_command("grant_access", to=ROLE, verbosity=0)
    execute(f"SET ROLE {ROLE}")
    yield
    execute("RESET ROLE")


def test_the_application_s_work_needs_no_other_privileges(as_application):
    assignment = AssignmentFactory()
    officer, analyst = OfficerFactory(body=assignment.body), UserFactory()
    submit(assignment, at=ASSIGNED_AT, by=officer)
    send_back(claim(assignment, at=ASSIGNED_AT, by=officer), at=ASSIGNED_AT, by=analyst)
    accept(claim(assignment, at=ASSIGNED_AT, by=officer), at=ASSIGNED_AT, by=analyst)
    other = AssignmentFactory(recommendation=assignment.recommendation)
    open_draft(assignment=other, by=officer, at=ASSIGNED_AT)
    Draft.objects.all().delete()
    on = (ASSIGNED_AT + timedelta(days=400)).date()
    assert flag_episodes.settle(Assignment.objects.all(), on=on).raised
    assert create_digests(week=Week.of(on), at=ASSIGNED_AT + timedelta(days=400))
    housekeeping(at=ASSIGNED_AT)
    assert positions.mismatched_ids() == []
    connection.check_constraints()


@pytest.mark.parametrize(
    "statement",
    [
        *(
            f"UPDATE {table} SET {KEYS.get(table, 'id')} = {KEYS.get(table, 'id')}"
            for table in sorted(APPEND_ONLY_TABLES)
        ),
        *(f"DELETE FROM {table}" for table in sorted(APPEND_ONLY_TABLES)),
        *(f"TRUNCATE {table} CASCADE" for table in sorted(APPEND_ONLY_TABLES)),
        "TRUNCATE recommendations_evidence, recommendations_flagepisode CASCADE",
        "DELETE FROM recommendations_flagepisode",
        "ALTER TABLE recommendations_update DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON recommendations_update",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS ''",
        "DROP FUNCTION refuse_change() CASCADE",
        "CREATE TABLE mine (id int)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
    ],
)
def test_submitted_data_cannot_be_rewritten(as_application, statement):
    with pytest.raises(DatabaseError, match=r"denied|must be owner"), transaction.atomic():
        execute(statement)


def test_granting_again_revokes_other_privileges():
    first = grant_access(ROLE)
    execute(f"GRANT ALL ON recommendations_update TO {ROLE}")
    assert grant_access(ROLE) == first
    execute(f"SET ROLE {ROLE}")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Update.objects.update(account="Rewritten.")
    execute("RESET ROLE")
    append_only = {name for name, granted in first.items() if granted == ["SELECT", "INSERT"]}
    assert append_only == APPEND_ONLY_TABLES


def test_a_role_with_excess_privileges_is_refused():
    execute(f"CREATE ROLE {ROLE} SUPERUSER")
    with pytest.raises(CommandError, match="is a superuser"):
        call_command("grant_access", to=ROLE)
    execute(f"ALTER ROLE {ROLE} NOSUPERUSER")
    grant_access(ROLE)
    assert excess_privileges(ROLE) == []


def test_the_password_is_hashed_before_it_is_sent(monkeypatch):
    monkeypatch.setenv("APP_DATABASE_PASSWORD", "very secret")
    call_command("grant_access", to=ROLE, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [ROLE])
        assert cursor.fetchone()[0].startswith("SCRAM-SHA-256$")


def test_a_role_that_owns_the_tables_gets_a_warning():
    (warning,) = check_database_role(None, databases=["default"])
    assert warning.id == "forces.W001"


def test_the_application_s_role_gets_no_warning():
    grant_access(ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        assert check_database_role(None, databases=["default"]) == []
        cursor.execute("RESET ROLE")


def test_nothing_is_checked_without_a_database():
    assert check_database_role(None, databases=None) == []
