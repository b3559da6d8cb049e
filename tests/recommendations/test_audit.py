"""What the audit trail proves about the rows that it records (docs/decisions/0021)."""

from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from countylines.observability.secrets_filter import SecretsFilter
from forces import audit
from forces.audit_check import check_trail, record_existing_rows
from forces.audit_guards import covered_tables
from forces.audit_head import current_head, heads_in
from forces.models import AuditEvent, Body, Role
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.decide_approval import return_update
from recommendations.actions.decide_extension import grant_request
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.end_body import record_body_end
from recommendations.actions.load_register import load_register
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.quote_figure import quote_figure
from recommendations.actions.rename_body import rename_body
from recommendations.actions.request_approval import request_approval
from recommendations.actions.request_extension import request_extension, withdraw_request
from recommendations.actions.require_approval import require_approval
from recommendations.actions.review_again import confirm_acceptance
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.jobs import housekeeping
from recommendations.models import Assignment, Update
from recommendations.register.folder import read_register
from recommendations.update_rules import Contradiction
from tests.database import as_superuser
from tests.factories import (
    NationalBodyFactory,
    UserFactory,
    accept,
    add_closures,
    add_joint_action,
    add_step,
    answer,
    ask,
    claim,
    joint_event,
    reverse_review,
    with_evidence,
)

# Tables whose rows never change, and that no event records, each with the reason.
NOT_RECORDED = {
    "forces_auditevent": "its chain of hashes proves it",
    "recommendations_flagepisode": "computed from the rows that are recorded",
    "recommendations_updatesearch": "computed from the rows that are recorded",
}
# Of each table, a change that a superuser could make, and the columns that then differ.
ALTERATIONS = {
    "recommendations_update": ("account = 'All is well.'", "account"),
    "recommendations_review": ("reason = 'Another.'", "reason"),
    "recommendations_reviewcorrection": ("reason = 'Another.'", "reason"),
    "recommendations_secondreview": ("comment = 'Another.'", "comment"),
    "recommendations_duedatechange": (
        "to_due_on = to_due_on + 90, number = 9",
        "number, to_due_on",
    ),
    "recommendations_duedaterequest": ("asked_by_id = asked_by_id + 1", "asked_by_id"),
    "recommendations_duedatedecision": (
        "decided_at = decided_at - '1 day'::interval",
        "decided_at",
    ),
    "recommendations_question": ("text = 'Who?'", "text"),
    "recommendations_reply": ("side = 'analysts', text = 'Nobody.'", "side, text"),
    "forces_bodyend": ("reason = 'Another.'", "reason"),
    "forces_bodyname": ("name = 'Kent Force'", "name"),
    "recommendations_withdrawal": ("reason = 'Not needed.'", "reason"),
    "recommendations_ending": ("kind = 'not_accepted'", "kind"),
    "recommendations_approvalrequest": ("approver_id = requested_by_id", "approver_id"),
    "recommendations_approvaldecision": ("reason = 'Another.'", "reason"),
    "recommendations_evidence": (
        "sha256 = repeat('0', 64), name = 'other.txt'",
        "name, sha256",
    ),
    "recommendations_aspectcheck": ("certainty = 'unconfirmed', page = '9'", "certainty, page"),
    "recommendations_bodyrequest": ("text = 'Another.'", "text"),
    "recommendations_bodyrequestevent": ("reason = 'Another.'", "reason"),
    "recommendations_step": ("title = 'Another.'", "title"),
    "recommendations_jointaction": ("title = 'Another.'", "title"),
    "recommendations_jointparticipant": ("added_at = added_at - '1 day'::interval", "added_at"),
    "recommendations_jointstep": ("title = 'Another.'", "title"),
    "recommendations_jointevent": ("text = 'Another.'", "text"),
    "recommendations_outcomefigure": ("scope = 'Mars'", "scope"),
    "recommendations_quote": ("count = 0", "count"),
    "recommendations_closure": ("closed = closed + 1", "closed"),
    "recommendations_response": ("answer = 'not_accepted'", "answer"),
    "recommendations_assignment": ("original_due_on = original_due_on + 365", "original_due_on"),
}


def findings() -> list[str]:
    return [finding.text for finding in check_trail().findings]


@pytest.fixture
def history(world):
    """At least one row of each table that the trail records."""
    now = world.now
    surrey, norfolk = world.assignment("Surrey", 3), world.assignment("Norfolk", 3)
    with_evidence(world.assignment("Kent", 3), by=world.officer, at=now)
    review = Update.objects.get(assignment=world.assignment("Kent", 2)).review
    reverse_review(review=review, reason="It was enough.", by=world.analyst, at=now)
    change_due_date(
        assignment=surrey,
        to=surrey.due_on + timedelta(days=30),
        reason="Agreed.",
        by=world.analyst,
        at=now,
    )
    request = request_extension(
        assignment=norfolk, to=date(2027, 3, 1), reason="Staff.", by=world.officer, at=now
    )
    grant_request(request=request, by=world.analyst, at=now)
    request = request_extension(
        assignment=norfolk, to=date(2027, 6, 1), reason="More.", by=world.officer, at=now
    )
    withdraw_request(request=request, by=world.officer, at=now)
    question = ask_question(
        assignment=world.assignment("Kent", 3), text="How many?", by=world.analyst, at=now
    )
    reply_to_question(question=question, text="Four.", by=world.officer, at=now)
    rename_body(
        body=world.forces["Norfolk"],
        name="Norfolk and Broads Police",
        short_name="Norfolk",
        since=date(2026, 9, 1),
        by=world.administrator,
        at=now,
    )
    record_body_end(
        body=surrey.body,
        ends_on=date(2027, 4, 1),
        successor=norfolk.body,
        reason="A merger.",
        corrects=None,
        by=world.administrator,
        at=now,
    )
    withdraw_assignment(
        assignment=world.assignment("Essex", 2),
        kind="no_further_action",
        reason="Not needed any more.",
        by=world.analyst,
        at=now,
    )
    add_approval(world)
    add_second_review(world)
    add_step(norfolk, at=now, by=world.officer)
    joint = add_joint_action(norfolk, world.lead, at=now)
    joint_event(joint, "progress", at=now, by=world.lead_officer)
    answer(ask(surrey, norfolk.body, at=now), "done", at=now)
    add_closures(world.inspection, world.forces["Kent"], by=world.officer, at=now)
    register = read_register()
    synthetic = replace(register.inspection, is_synthetic=True)
    load_register(register=replace(register, inspection=synthetic), at=now)
    quote_figure(figure="overdue", inspection=world.inspection, by=world.analyst, at=now)
    return world


def add_second_review(world) -> None:
    """Let a second reviewer confirm a claim of the Home Office."""
    Body.objects.filter(pk=world.lead.pk).update(reviews_claims=True)
    own, now = Assignment.objects.get(body=world.lead, recommendation__number=3), world.now
    accepted = accept(claim(own, at=now, by=world.lead_officer), at=now, by=world.analyst)
    reviewer = UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory())
    confirm_acceptance(claim=accepted.update, comment="", by=reviewer, at=now)


def add_approval(world) -> None:
    """Send an update of Norfolk for approval, and return it."""
    norfolk, now = world.forces["Norfolk"], world.now
    chief = UserFactory(role=Role.CHIEF_OFFICER, body=norfolk)
    require_approval(body=norfolk, wanted=True, shown=False, by=chief, at=now)
    assignment = world.assignment("Norfolk", 2)
    draft = open_draft(assignment=assignment, by=world.officer, at=now)
    draft = save_draft(
        draft=draft,
        version=draft.version,
        by=world.officer,
        at=now,
        confirmed=list(Contradiction),
        status="in_progress",
        confidence="red",
        account="Begun.",
        forecast_on=assignment.due_on,
    )
    request = request_approval(
        assignment=assignment,
        token=draft.token,
        version=draft.version,
        approver=None,
        by=world.officer,
        at=now,
    )
    return_update(request=request, reason="Say more.", by=chief, at=now)


@pytest.mark.django_db
def test_every_table_that_never_changes_is_recorded_by_events():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname LIKE 'append_only%'"
        )
        append_only = {table for (table,) in cursor.fetchall()}
    assert append_only == (set(covered_tables()) - {"recommendations_assignment"}) | set(
        NOT_RECORDED
    )
    assert set(ALTERATIONS) == set(covered_tables())


def test_each_altered_removed_or_added_row_is_named(history):
    result = check_trail()
    assert result.findings == ()
    assert (result.events_without_rows, result.rows_recorded_later) == (0, 0)
    found = {}
    for table, (change, columns) in ALTERATIONS.items():
        row, event = recorded_row(table)
        with transaction.atomic():
            as_superuser(f"UPDATE {table} SET {change} WHERE id = {row}")
            found[table] = findings()
            transaction.set_rollback(True)
        what = f"(“{event.act}”, {event.at:%Y-%m-%d %H:%M} UTC)"
        assert found[table] == [
            (
                f"{table}, row {row}: altered since event {event.position:,} {what}. "
                f"What differs: {columns}."
            )
        ]
        with transaction.atomic():
            as_superuser(f"DELETE FROM {table} WHERE id = {row}")
            found[table] = findings()
            transaction.set_rollback(True)
        assert found[table] == [
            (
                f"{table}, row {row}: it is missing. It was recorded by event "
                f"{event.position:,} {what}."
            )
        ]
    assert findings() == []


def recorded_row(table: str) -> tuple[int, AuditEvent]:
    """Return the key of the last row of the table that an event records, and that event."""
    event = AuditEvent.objects.filter(recorded_rows__contains=[{"table": table}]).latest("position")
    (row, *_) = [row["id"] for row in event.recorded_rows if row["table"] == table]
    return row, event


def test_rows_without_their_event_are_named(history):
    claim = Update.objects.get(
        assignment__body__short_name="Essex",
        assignment__recommendation__inspection=history.inspection,
    )
    as_superuser(
        "INSERT INTO recommendations_review (update_id, decision, reason, reviewed_at, "
        f"reviewed_by_id) VALUES ({claim.pk}, 'accepted', '', now(), {history.analyst.pk})"
    )
    assert len(findings()) == 1
    assert "recommendations_review, row" in findings()[0]
    assert "no event records it" in findings()[0]
    # The last event cut off, without a head: the rows it recorded are left over.
    as_superuser("DELETE FROM recommendations_review WHERE reviewed_at = now()")
    as_superuser("DELETE FROM forces_auditevent")
    rows = {finding.table for finding in check_trail().findings}
    assert rows == set(covered_tables()) - {"recommendations_assignment"}


def test_rows_recorded_later_are_proved_from_then_on(history, capsys):
    as_superuser("DELETE FROM forces_auditevent")
    with pytest.raises(CommandError, match="The audit trail is broken"):
        call_command("check_audit")
    call_command("check_audit", "--record-existing")
    assert "Changes before they were recorded cannot be found." in capsys.readouterr().out
    assert check_trail().rows_recorded_later > 10
    assert record_existing_rows(at=history.now) == 0
    as_superuser("UPDATE recommendations_update SET account = 'x' WHERE number = 1")
    assert len(findings()) == Update.objects.filter(number=1).count()


def test_the_migration_records_the_rows_that_existed(history):
    connection.check_constraints()
    migration = import_module("recommendations.migrations.0033_record_existing_rows")
    existed = {f"recommendations_{name}" for name in migration.TABLES}
    for table in {"forces_auditevent", *covered_tables()} - existed:
        as_superuser(f"DELETE FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute(migration.Migration.operations[0].sql)
    result = check_trail()
    assert result.findings == ()
    assert result.rows_recorded == 0
    assert result.rows_recorded_later == sum(
        row["count"] for row in AuditEvent.objects.values_list("details", flat=True)
    )
    as_superuser("UPDATE recommendations_assignment SET is_lead = NOT is_lead WHERE is_lead")
    assert "What differs: is_lead." in findings()[0]


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        (
            "ALTER TABLE recommendations_update DISABLE TRIGGER append_only",
            (
                "A trigger of recommendations_update is missing or switched off, "
                "so its rows can be changed."
            ),
        ),
        (
            "DROP TRIGGER audit_chain ON forces_auditevent",
            (
                "A trigger of forces_auditevent is missing or switched off, "
                "so its rows can be changed."
            ),
        ),
        (
            (
                "CREATE OR REPLACE FUNCTION forces_audit_hash(event forces_auditevent) "
                "RETURNS bytea LANGUAGE sql AS $$ SELECT event.hash $$"
            ),
            "The database function forces_audit_hash is not the one of the migrations.",
        ),
    ],
)
def test_a_guard_that_was_removed_is_named(db, tampering, expected):
    as_superuser(tampering)
    assert findings() == [expected]


def test_a_column_that_is_added_later_changes_no_hash(history):
    as_superuser("SET CONSTRAINTS ALL IMMEDIATE")
    as_superuser("ALTER TABLE recommendations_reply ADD COLUMN colour text DEFAULT 'red'")
    assert findings() == []


def test_an_event_cannot_record_a_row_that_does_not_exist(world):
    with pytest.raises(IntegrityError, match="does not exist"), transaction.atomic():
        audit.record(at=world.now, act="x", actor=None, rows=[Update(pk=10**9)])


def test_a_head_is_saved_and_checked_by_the_command(history, tmp_path, capsys):
    file = tmp_path / "heads.txt"
    call_command("check_audit", "--save", str(file))
    head = current_head()
    assert file.read_text().startswith(head.line)
    call_command("check_audit", "--against", str(file), "--head", head.hash, "--count", head.count)
    assert "Heads checked: 2." in capsys.readouterr().out
    as_superuser(f"DELETE FROM forces_auditevent WHERE position > {head.count - 2}")
    with pytest.raises(CommandError, match="is broken"):
        call_command("check_audit", "--against", str(file))
    assert "the trail ends at event" in capsys.readouterr().err
    empty = tmp_path / "empty.txt"
    empty.write_text("nothing")
    with pytest.raises(CommandError, match="no head"):
        call_command("check_audit", "--against", str(empty))
    with pytest.raises(CommandError, match="together"):
        call_command("check_audit", "--head", head.hash)


def test_the_nightly_job_writes_the_head_to_the_log(world, caplog):
    head = current_head()
    with caplog.at_level("INFO"):
        housekeeping(at=world.now)
    assert heads_in(SecretsFilter().hide(caplog.text)) == [head]
