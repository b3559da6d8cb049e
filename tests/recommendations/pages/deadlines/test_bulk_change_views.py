"""Changing many due dates as a preview showed it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import Assignment, DueDateChange
from recommendations.positions import positions
from tests.recommendations.pages.deadlines.due_dates import date_boxes, later
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def due_dates_form(assignment, **typed) -> dict:
    number = str(assignment.recommendation.number)
    return {"recommendation": number, "group": "forces", "reason": "Agreed nationally."} | typed


def test_many_due_dates_change_as_previewed(client, assignments, analyst):
    client.force_login(analyst)
    closed = assignments[2]
    withdraw_assignment(
        assignment=closed, kind="no_further_action", reason="Merged.", by=analyst, at=timezone.now()
    )
    url = reverse("bulk_change_due_dates")
    page = client.post(url, due_dates_form(assignments[0], days="30"))
    shown = text_of(page)
    assert "2 due dates will change; 1 will not change." in shown
    assert "Not included. This recommendation is closed, so its due date cannot change" in shown
    assert not DueDateChange.objects.exists()
    page = client.post(url, {"confirmed": page.context["confirmed"]}, follow=True)
    assert "2 due dates changed." in text_of(page)
    changed = Assignment.objects.filter(due_date_changes_count=1)
    assert set(changed) == set(assignments[:2])
    assert all(item.due_on == item.original_due_on + timedelta(days=30) for item in changed)
    assert positions.mismatched_ids() == []


def test_nothing_changes_if_the_preview_is_out_of_date(client, assignments, analyst):
    client.force_login(analyst)
    url = reverse("bulk_change_due_dates")
    page = client.post(url, due_dates_form(assignments[0], **date_boxes(later(assignments[0]))))
    change_due_date(
        assignment=assignments[1],
        to=date(2027, 5, 1),
        reason="Sooner.",
        by=analyst,
        at=timezone.now(),
    )
    page = client.post(
        url, {"confirmed": page.context["confirmed"]} | due_dates_form(assignments[0])
    )
    assert page.status_code == 409
    assert "has changed since you opened this page" in text_of(page)
    assert "Agreed nationally." in text_of(page)
    assert DueDateChange.objects.count() == 1
    page = client.post(url, {"confirmed": "forged"} | due_dates_form(assignments[0]))
    assert "The preview is out of date." in text_of(page)


def test_a_link_selects_one_assignment(client, assignments, analyst):
    client.force_login(analyst)
    target = assignments[3]
    query = {"body": target.body.slug, "recommendation": target.recommendation.number}
    page = client.get(reverse("bulk_change_due_dates"), query)
    assert f'value="{target.body.slug}" checked' in text_of(page)
    typed = due_dates_form(target, group="everybody", bodies=[target.body.slug], days="-400")
    page = client.post(reverse("bulk_change_due_dates"), typed)
    assert "1 due date will change; 1 will become overdue." in text_of(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter a date or a number of days"),
        (
            {"days": "30"} | date_boxes(date(2030, 1, 1)),
            "Enter a date or a number of days, not both",
        ),
        ({"days": "0"}, "Number of days must not be 0"),
        ({"days": "9" * 40}, "Number of days must be"),
        ({"days": "x"}, "Number of days must be a whole number"),
        ({"days": "30", "group": "moon"}, "Select which organisations from the list"),
        ({"days": "30", "reason": " "}, "Enter why the due dates are changing"),
        (date_boxes(date(9999, 1, 1)), "The year of a due date must be between 2000 and 2100"),
    ],
)
def test_an_invalid_change_gets_an_error(client, assignments, analyst, typed, sentence):
    client.force_login(analyst)
    page = client.post(reverse("bulk_change_due_dates"), due_dates_form(assignments[0], **typed))
    assert sentence in text_of(page)
    assert page.context["preview"] is None
