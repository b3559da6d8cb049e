from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from forces.models import AuditEvent
from forces.refusal import Refusal
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.submit_update import submit_update
from recommendations.models import Draft, Inspection, Update
from recommendations.positions import positions
from recommendations.rules import Flag, Status
from tests.factories import ASSIGNED_AT, AssignmentFactory, OfficerFactory, claim, submit

AT = ASSIGNED_AT + timedelta(days=3)
ANSWERS = {
    "status": "in_progress",
    "confidence": "amber",
    "account": "We began.",
    "forecast_on": date(2026, 11, 1),
    "signed_off_by": "Superintendent Jo Hale",
}


def draft_of(assignment, officer, **answers):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    return save_draft(draft=draft, version=1, by=officer, at=AT, **ANSWERS | answers)


@pytest.mark.django_db
class TestSubmitting:
    def test_the_draft_becomes_an_update_and_the_position_changes(self):
        officer = OfficerFactory()
        assignment = AssignmentFactory(body=officer.body)
        draft = draft_of(assignment, officer)

        update = submit_update(token=draft.token, version=draft.version, by=officer, at=AT)

        assignment.refresh_from_db()
        assert (update.number, update.submitted_by, update.submitted_at) == (1, officer, AT)
        assert (assignment.status, assignment.confidence) == (Status.IN_PROGRESS, "amber")
        assert assignment.latest_update == update
        assert not Draft.objects.exists()
        assert positions.mismatched_ids() == []

    def test_submitting_a_draft_twice_makes_one_update(self):
        officer = OfficerFactory()
        draft = draft_of(AssignmentFactory(body=officer.body), officer)
        first = submit_update(token=draft.token, version=draft.version, by=officer, at=AT)
        later = AT + timedelta(minutes=1)
        second = submit_update(token=draft.token, version=draft.version, by=officer, at=later)
        assert first == second
        assert Update.objects.count() == 1

    def test_a_claim_has_no_forecast_and_is_waiting_for_review(self):
        officer = OfficerFactory()
        assignment = AssignmentFactory(body=officer.body)
        draft = draft_of(assignment, officer, status="implemented")
        update = submit_update(token=draft.token, version=draft.version, by=officer, at=AT)
        assignment.refresh_from_db()
        assert update.is_claim
        assert update.forecast_on is None
        assert assignment.status == Status.EVIDENCE_SUBMITTED

    def test_a_claim_ends_the_overdue_episode_on_its_day(self):
        assignment = AssignmentFactory(original_due_on=date(2026, 2, 1))
        at = ASSIGNED_AT + timedelta(days=40)  # 19 February
        claim(assignment, at=at)
        episode = assignment.flag_episodes.get(flag=Flag.OVERDUE)
        assert (episode.raised_on, episode.cleared_on) == (date(2026, 2, 2), date(2026, 2, 19))
        assert episode.cleared_because == "update submitted"

    def test_a_draft_with_missing_answers_is_not_submitted(self):
        officer = OfficerFactory()
        draft = draft_of(AssignmentFactory(body=officer.body), officer, forecast_on=None)
        with pytest.raises(Refusal, match="Answer all the questions"):
            submit_update(token=draft.token, version=draft.version, by=officer, at=AT)
        assert Draft.objects.exists()
        assert not Update.objects.exists()

    def test_a_draft_that_has_changed_since_the_check_is_not_submitted(self):
        officer = OfficerFactory()
        draft = draft_of(AssignmentFactory(body=officer.body), officer)
        save_draft(draft=draft, version=draft.version, by=officer, at=AT, account="Other words")
        with pytest.raises(Refusal, match="Check it again"):
            submit_update(token=draft.token, version=draft.version, by=officer, at=AT)

    def test_an_update_older_than_the_latest_change_is_refused(self):
        assignment = AssignmentFactory()
        submit(assignment, at=AT)
        with pytest.raises(Refusal, match="has changed since you opened it"):
            submit(assignment, at=AT - timedelta(days=1))

    def test_it_is_audited_and_counts_a_revision(self):
        officer = OfficerFactory()
        assignment = AssignmentFactory(body=officer.body)
        before = Inspection.objects.get().revision
        submit(assignment, at=AT, by=officer)
        event = AuditEvent.objects.get(act="update submitted")
        assert (event.act, event.actor, event.body) == ("update submitted", officer, officer.body)
        assert event.details["assignment"] == assignment.pk
        assert Inspection.objects.get().revision == before + 1


@pytest.mark.django_db(transaction=True)
def test_many_simultaneous_clicks_make_one_update():
    officer = OfficerFactory()
    draft = draft_of(AssignmentFactory(body=officer.body), officer)

    def click(_: int) -> int:
        try:
            return submit_update(token=draft.token, version=draft.version, by=officer, at=AT).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sent = set(pool.map(click, range(16)))
    assert sent == set(Update.objects.values_list("pk", flat=True))
    assert len(sent) == 1
