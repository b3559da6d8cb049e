"""Changing the due date of one assignment."""

import pytest

from recommendations.models import DueDateChange
from tests.factories import OfficerFactory
from tests.recommendations.pages.deadlines.due_dates import date_boxes, later, url_of
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def test_one_due_date_changes_without_the_bulk_form(client, assignment, analyst):
    client.force_login(analyst)
    url, to = url_of("due_date", assignment), later(assignment)
    assert url in text_of(client.get(assignment.get_absolute_url()))
    shown = {"shown": assignment.due_on.isoformat()}
    page = client.post(url, shown | date_boxes(assignment.due_on) | {"reason": "Agreed."})
    assert "This is already the due date" in text_of(page)
    assert "Enter why" in text_of(client.post(url, shown | date_boxes(to)))
    typed = shown | date_boxes(to) | {"reason": "Agreed."}
    assert "Due date changed to" in text_of(client.post(url, typed, follow=True))
    change = DueDateChange.objects.get()
    assert (change.to_due_on, change.reason, change.decided_by) == (to, "Agreed.", analyst)
    # The same form again, or one opened before the change, changes nothing.
    page = client.post(url, shown | date_boxes(later(assignment, 30)) | {"reason": "Mine."})
    assert page.status_code == 409
    assert "has changed since you opened this page" in text_of(page)
    assert DueDateChange.objects.count() == 1


def test_only_those_who_decide_due_dates_find_the_page(client, assignment):
    client.force_login(OfficerFactory(body=assignment.body))
    assert client.get(url_of("due_date", assignment)).status_code == 404
