"""The page of an assignment: who sees it, its history, past days and its queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forces.models import Role
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.drafts import open_draft
from recommendations.actions.withdraw_assignment import withdraw_assignment
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    ForceFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    send_back,
    submit,
)
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("own officer", 200),
        ("own observer", 200),
        ("analyst", 200),
        ("administrator", 200),
        ("other officer", 404),
        ("other observer", 404),
        ("national observer", 404),
        ("nobody", 302),
    ],
)
def test_an_assignment_is_for_its_force_and_the_home_office(client, assignment, who, status):
    person = {
        "own officer": lambda: OfficerFactory(body=assignment.body),
        "own observer": lambda: UserFactory(role=Role.OBSERVER, body=assignment.body),
        "analyst": UserFactory,
        "administrator": lambda: UserFactory(role=Role.ADMINISTRATOR),
        "other officer": OfficerFactory,
        "other observer": lambda: UserFactory(role=Role.OBSERVER, body=ForceFactory()),
        "national observer": lambda: UserFactory(role=Role.OBSERVER),
        "nobody": lambda: None,
    }[who]()
    if person:
        client.force_login(person)
    assert client.get(assignment.get_absolute_url()).status_code == status


def test_the_page_is_read_only(client, assignment, analyst):
    client.force_login(analyst)
    assert client.post(assignment.get_absolute_url()).status_code == 405


@pytest.mark.parametrize("number", ["999", "9" * 30])
def test_an_unknown_number_is_not_found(client, assignment, analyst, number):
    client.force_login(analyst)
    assert client.get(f"/forces/{assignment.body.slug}/{number}/").status_code == 404


def test_the_history_has_every_kind_of_event(client, assignment, analyst, officer):
    submit(assignment, at=at(2, 1), by=officer, next_steps="Train.", blockers="No money.")
    change_due_date(
        assignment=assignment,
        to=date(2026, 3, 1),
        reason="Sooner is needed",
        by=analyst,
        at=at(2, 2),
    )
    returned = claim(assignment, at=at(3, 4), by=officer)
    send_back(returned, at=at(3, 9), by=analyst)
    client.force_login(officer)
    shown = text_of(client.get(assignment.get_absolute_url()))
    for text in [
        "31 December 2026, changed once",
        "Due date brought forward",
        "Sooner is needed",
        "Late by 3 days",
        "Due date: <strong>1 March 2026</strong>",
        "Claim returned",
        "1 Mar",
        "The evidence is missing.",
        "The claim was returned on 9 March 2026",
        "No money.",
        "Overdue raised",
        "Send an update",
        "overdue.",
    ]:
        assert text in shown, text
    assert shown.index("Latest: claim submitted on 4 March") < shown.index("Earlier: 1 update")
    assert shown.count('<details class="app-entry">') == 1
    everything = text_of(client.get(assignment.get_absolute_url(), {"full": "1"}))
    assert everything.count('<details class="app-entry" open>') == 1


def test_a_waiting_claim_leaves_no_next_action_and_says_why(client, assignment, officer):
    claim(assignment, at=at(3, 4), by=officer)
    client.force_login(officer)
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "A claim is waiting for review" in shown
    assert "Send an update" not in shown


def test_a_withdrawal_is_shown_with_its_reason(client, assignment, officer, analyst):
    withdraw_assignment(
        assignment=assignment, kind="no_further_action", reason="Merged", by=analyst, at=at(3, 4)
    )
    client.force_login(officer)
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "Merged" in shown
    assert "This recommendation is withdrawn" in shown


def test_only_officers_see_a_draft(client, assignment, officer, colleague, analyst):
    open_draft(assignment=assignment, by=colleague, at=timezone.now())
    client.force_login(officer)
    shown = text_of(client.get(assignment.get_absolute_url()))
    assert "Draft saved by Ben Cole at" in shown
    assert "Continue update" in shown
    client.force_login(analyst)
    assert "Draft saved" not in text_of(client.get(assignment.get_absolute_url()))


def test_a_past_day_shows_the_position_on_that_day(client, assignment, officer, analyst):
    submit(assignment, at=at(2, 1), by=officer, account="The first words.")
    accepted = claim(assignment, at=at(3, 4), by=officer)
    accept(accepted, at=at(3, 9), by=analyst)
    client.force_login(officer)
    url = assignment.get_absolute_url()
    shown = text_of(client.get(url, {"as_at": "2026-03-03"}))
    assert "This is the position at the end of 3 March 2026" in shown
    assert "The first words." in shown
    assert "It is done." not in shown
    assert "In progress</span>" in shown
    assert "Evidence submitted</span>" in text_of(client.get(url, {"as_at": "2026-03-04"}))
    assert "Claim accepted" not in text_of(client.get(url, {"as_at": "2026-03-08"}))
    assert "Claim accepted" in text_of(client.get(url, {"as_at": "2026-03-09"}))


def test_before_the_assignment_there_is_no_position(client, assignment, officer):
    client.force_login(officer)
    shown = text_of(client.get(assignment.get_absolute_url(), {"as_at": "2026-01-01"}))
    assert "had not yet been assigned to" in shown


@pytest.mark.parametrize(
    "text", ["tomorrow", "2026-02-31", "\x00", "9999-12-31", "0001-01-01 ", "2026-W01-1"]
)
def test_an_invalid_date_is_ignored_with_a_note(client, assignment, officer, text):
    client.force_login(officer)
    page = client.get(assignment.get_absolute_url(), {"as_at": text})
    assert page.status_code == 200
    if text != "2026-W01-1":  # an ISO week date is valid
        assert "so this is the position today" in text_of(page)


@pytest.mark.parametrize("query", [{}, {"as_at": "2026-08-01"}])
def test_more_updates_need_no_more_queries(client, assignment, officer, query):
    client.force_login(officer)
    url = assignment.get_absolute_url()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url, query).status_code == 200
        return len(captured)

    submit(assignment, at=ASSIGNED_AT, by=officer)
    expected = queries()
    for week in range(1, 30):
        submit(assignment, at=ASSIGNED_AT + timedelta(days=7 * week), by=officer)
    assert queries() == expected <= 19


def test_other_assignments_of_the_force_are_not_shown(client, assignment, officer):
    other = AssignmentFactory(
        body=assignment.body, recommendation__inspection=assignment.recommendation.inspection
    )
    submit(other, at=ASSIGNED_AT, by=officer, account="Elsewhere.")
    client.force_login(officer)
    assert "Elsewhere." not in text_of(client.get(assignment.get_absolute_url()))


def test_the_recommendations_of_a_force_are_walked_through_on_the_same_day(
    client, assignment, officer
):
    inspection = assignment.recommendation.inspection
    number = assignment.recommendation.number
    other = AssignmentFactory(
        body=assignment.body,
        recommendation__inspection=inspection,
        recommendation__number=number + 1,
        assigned_at=ASSIGNED_AT,
    )
    client.force_login(officer)
    page = client.get(assignment.get_absolute_url(), {"as_at": "2026-08-01"}).context["page"]
    assert page.previous is None
    assert page.next.href == f"{other.get_absolute_url()}?as_at=2026-08-01"
    back = client.get(page.next.href).context["page"]
    assert back.previous.href == f"{assignment.get_absolute_url()}?as_at=2026-08-01"


def test_the_year_has_a_dot_for_each_update_and_a_cross_for_a_return(
    client, assignment, analyst, officer
):
    submit(assignment, at=at(2, 1), by=officer)
    returned = claim(assignment, at=at(3, 4), by=officer)
    send_back(returned, at=at(4, 9), by=analyst)
    client.force_login(officer)
    year = client.get(assignment.get_absolute_url()).context["page"].year
    assert [(dot.kind, dot.href) for dot in year.dots] == [
        ("update", "#update-1"),
        ("claim", "#update-2"),
    ]
    assert len(year.returns) == 1
    assert [bar.text for bar in year.bars if bar.text] == ["NS", "IP", "EV", "IP"]
    assert float(year.dots[0].x) < float(year.dots[1].x) < float(year.returns[0])
    assert year.tracks[0].text.endswith("in progress from 9 April")


def test_with_several_pages_the_year_links_to_the_page_with_every_entry(
    client, assignment, officer
):
    for week in range(30):
        submit(assignment, at=ASSIGNED_AT + timedelta(days=7 * week), by=officer)
    client.force_login(officer)
    url = assignment.get_absolute_url()
    page = client.get(url, {"as_at": "2026-11-01"}).context["page"]
    assert page.year.dots[0].href == f"{url}?full=1&as_at=2026-11-01#update-1"
    everything = text_of(client.get(url, {"full": "1"}))
    assert 'id="update-1"' in everything


def test_a_force_reads_what_it_is_asked_to_do_and_when_it_counts_as_done(
    client, assignment, officer
):
    recommendation = assignment.recommendation
    recommendation.force_ask, recommendation.force_done_when = "Map the groups.", "All are scored."
    recommendation.save()
    client.force_login(officer)
    url = assignment.get_absolute_url()
    for path in (url, f"{url}update/"):
        page = text_of(client.get(path))
        assert "Map the groups." in page
        assert "All are scored." in page
        assert "expectation, in our words." in page
