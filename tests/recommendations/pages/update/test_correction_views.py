"""Submitted updates are never changed: a correction is a new update that names the old one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from forces.refusal import Refusal
from recommendations.actions.drafts import open_draft
from recommendations.actions.submit_update import submit_update
from recommendations.models import Draft, Update
from recommendations.positions import positions
from recommendations.rules import Status
from tests.factories import ASSIGNED_AT, accept, claim, send_back, submit
from tests.recommendations.pages.pages import hidden, place, step, text_of

pytestmark = pytest.mark.django_db
NEXT = ASSIGNED_AT + timedelta(days=1)


def test_a_correction_starts_with_the_answers_of_the_update(client, assignment, officer):
    first = submit(assignment, at=ASSIGNED_AT, by=officer, account="Forty patrols.")
    client.force_login(officer)
    page = client.post(reverse("update_correct", args=place(assignment)), follow=True)
    assert "Check your answers" in text_of(page)
    assert "Forty patrols." in text_of(page)
    page = client.get(step(assignment, "progress"))
    answers = {"account": "Fourteen patrols."}
    page = client.post(
        step(assignment, "progress") + "?change", hidden(page) | answers, follow=True
    )
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    assert "Correction submitted" in text_of(page)
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "Forty patrols." in shown
    assert "correcting update 1" in shown
    assert Update.objects.get(number=2).corrects == first


def test_correcting_a_waiting_claim_withdraws_it(client, assignment, officer, analyst):
    waiting = claim(assignment, at=ASSIGNED_AT, by=officer)
    client.force_login(officer)
    assert "it will no longer be reviewed" in text_of(
        client.get(reverse("update_correct", args=place(assignment)))
    )
    draft = open_draft(assignment=assignment, by=officer, at=NEXT, correcting=waiting)
    Draft.objects.filter(pk=draft.pk).update(
        status="in_progress", confidence="amber", forecast_on="2026-12-01"
    )
    submit_update(token=draft.token, version=draft.version, by=officer, at=NEXT)
    connection.check_constraints()
    assignment.refresh_from_db()
    assert assignment.status == Status.IN_PROGRESS
    assert positions.mismatched_ids() == []
    with pytest.raises(Refusal, match="not waiting for review"):
        accept(waiting, at=NEXT, by=analyst)
    on = NEXT.date()
    before = positions.as_at(assignment.recommendation.inspection, on=on - timedelta(days=1))
    assert [position.status for position in before] == [Status.EVIDENCE_SUBMITTED]


def test_an_accepted_claim_cannot_be_corrected(client, assignment, officer, analyst):
    waiting = claim(assignment, at=ASSIGNED_AT, by=officer)
    draft = open_draft(assignment=assignment, by=officer, at=ASSIGNED_AT, correcting=waiting)
    accept(waiting, at=NEXT, by=analyst)
    with pytest.raises(Refusal, match="is implemented"):
        submit_update(token=draft.token, version=draft.version, by=officer, at=timezone.now())
    client.force_login(officer)
    shown = text_of(client.get(reverse("update_check", args=place(assignment))))
    assert "It is done." in shown


def test_a_correction_needs_the_other_draft_out_of_the_way(assignment, officer, analyst):
    waiting = claim(assignment, at=ASSIGNED_AT, by=officer)
    send_back(waiting, at=NEXT, by=analyst)
    assignment.refresh_from_db()
    open_draft(assignment=assignment, by=officer, at=NEXT)
    with pytest.raises(Refusal, match="There is a draft of the next update"):
        open_draft(assignment=assignment, by=officer, at=NEXT, correcting=waiting)


def test_the_database_rejects_a_correction_of_an_earlier_update(assignment, officer):
    first = submit(assignment, at=ASSIGNED_AT, by=officer)
    submit(assignment, at=ASSIGNED_AT, by=officer)
    fields = {name: getattr(first, name) for name in ("status", "confidence", "account")}
    Update.objects.create(
        assignment=assignment,
        number=3,
        token="00000000-0000-4000-8000-000000000003",
        submitted_at=NEXT,
        submitted_by=officer,
        forecast_on=first.forecast_on,
        corrects=first,
        **fields,
    )
    with pytest.raises(IntegrityError, match="corrects another"):
        connection.check_constraints()
