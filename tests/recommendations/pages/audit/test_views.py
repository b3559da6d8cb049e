"""The audit trail: searching it, checking it and downloading it."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forces.models import AuditEvent, Role
from forces.tracing import request_id
from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.hold_claim import hold_claim, release_claim
from tests.database import as_superuser
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, claim, submit
from tests.recommendations.pages.pages import place, text_of

pytestmark = pytest.mark.django_db
URL = "/audit/"


def test_events_are_found_by_every_filter(client, assignment, officer, analyst):
    submit(assignment, at=timezone.now(), by=officer)
    other = AssignmentFactory(
        recommendation__inspection=assignment.recommendation.inspection,
    )
    submit(other, at=timezone.now() - timedelta(days=40))
    client.force_login(analyst)
    about = f"{assignment.body.short_name}, R{assignment.recommendation.number}"
    elsewhere = f"{other.body.short_name}, R{other.recommendation.number}"
    client.get(f"/forces/{other.body.slug}/999/")  # denied: an event with the id of its request
    denied = AuditEvent.objects.latest("position")
    for query in (
        {"person": "asha"},
        {"person": officer.email.upper()},
        {"body": assignment.body.slug},
        {"recommendation": assignment.recommendation.number, "act": "update submitted"},
        {"since": timezone.now().date().isoformat()},
    ):
        shown = text_of(client.get(URL, query))
        assert about in shown, query
        assert elsewhere not in shown, query
    long_ago = (timezone.now() - timedelta(days=30)).date().isoformat()
    shown = text_of(client.get(URL, {"until": long_ago}))
    assert elsewhere in shown
    assert about not in shown
    assert denied.request_id
    assert "1 event" in text_of(client.get(URL, {"request": denied.request_id}))


def test_events_on_a_claim_or_a_recommendation_are_found_by_its_number(client, analyst):
    waiting = claim(AssignmentFactory(), at=timezone.now())
    recommendation = waiting.assignment.recommendation
    hold_claim(claim=waiting, by=analyst, at=timezone.now())
    release_claim(claim=waiting, by=analyst, at=timezone.now())
    amend_recommendation(
        recommendation=recommendation, title="Amended", by=analyst, at=timezone.now()
    )
    client.force_login(analyst)
    shown = text_of(client.get(URL, {"recommendation": recommendation.number}))
    for action in (
        *("Review started", "Review stopped", "Recommendation amended", "Claim submitted"),
    ):
        assert f">{action}</td>" in shown, action


def test_a_denied_page_is_recorded_without_its_parameters(client, assignment, officer):
    stranger = OfficerFactory(name="Stran Ger")
    client.force_login(stranger)
    answer = client.get(f"{assignment.get_absolute_url()}?secret=words")
    assert answer.status_code == 404
    event = AuditEvent.objects.latest("position")
    assert (event.act, event.actor) == ("not shown", stranger)
    assert event.details == {
        "method": "GET",
        "path": assignment.get_absolute_url(),
        "status": 404,
    }
    assert event.request_id == answer["X-Request-ID"]
    count = AuditEvent.objects.count()
    assert client.get("/nowhere/").status_code == 404
    client.logout()
    client.get(assignment.get_absolute_url())
    assert AuditEvent.objects.filter(act="not shown").count() == 1
    assert AuditEvent.objects.count() == count + 1  # the sign-out


def test_a_refused_action_is_recorded(client, assignment, officer):
    client.force_login(officer)
    typed = {"account": "x", "token": "00000000-0000-4000-8000-000000000000"}
    client.post(reverse("update_step", args=[*place(assignment), "progress"]), typed)
    assert AuditEvent.objects.latest("position").act == "act refused"


def test_events_of_one_request_share_an_id_that_the_client_cannot_choose(
    client, assignment, officer, caplog
):
    client.force_login(officer)
    answer = client.post(
        reverse("update", args=place(assignment)), headers={"X-Request-ID": "forged"}
    )
    event = AuditEvent.objects.get(act="draft begun")
    assert event.request_id == answer["X-Request-ID"] != "forged"
    assert len(event.request_id) == 16
    assert request_id.get() == ""


def test_the_check_names_the_events_that_were_altered(client, assignment, analyst):
    submit(assignment, at=timezone.now())
    client.force_login(analyst)
    assert client.get("/reviews/999999999/").status_code == 404
    assert "No tampering found." in text_of(client.post(reverse("audit_check"), follow=True))
    tampered = AuditEvent.objects.exclude(request_id="").first()
    as_superuser(f"UPDATE forces_auditevent SET request_id = 'x' WHERE id = {tampered.pk}")
    shown = text_of(client.post(reverse("audit_check"), follow=True))
    assert f"Event {tampered.position} was altered." in shown


def test_the_download_is_safe_in_a_spreadsheet_and_is_recorded(client, assignment, analyst):
    evil = OfficerFactory(body=assignment.body, name="=cmd|'/c calc'!A1")
    submit(assignment, at=timezone.now(), by=evil)
    client.force_login(analyst)
    answer = client.get("/audit/download/", {"act": "update submitted"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head, *events = rows
    assert head[0] == "Number"
    assert [row[2] for row in events] == ["'=cmd|'/c calc'!A1"]
    assert len(events[0][-1]) == 64
    assert AuditEvent.objects.latest("position").act == "audit trail downloaded"


def test_a_download_for_one_person_does_not_record_the_name(client, analyst):
    client.force_login(analyst)
    client.get("/audit/download/", {"person": "Kay Ent", "act": "signed in"})
    recorded = AuditEvent.objects.latest("position")
    assert recorded.details == {"filter": {"person": "named", "act": "signed in"}}


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.OBSERVER])
def test_only_analysts_and_administrators_see_the_audit_trail(client, assignment, role):
    client.force_login(UserFactory(role=role, body=assignment.body))
    assert client.get(URL).status_code == 404
    assert client.get("/audit/download/").status_code == 404
    assert client.post("/audit/check/").status_code == 404


def test_more_events_need_no_more_queries(client, assignment, analyst):
    client.force_login(analyst)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    submit(assignment, at=timezone.now())
    few = queries()
    inspection = assignment.recommendation.inspection
    for _ in range(4):
        submit(AssignmentFactory(recommendation__inspection=inspection), at=timezone.now())
    assert queries() == few <= 10
