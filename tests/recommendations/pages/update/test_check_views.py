"""Submitting a draft: once, as it was checked, or why it cannot be submitted any more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.actions.drafts import save_draft
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import Draft, Update
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    claim,
)
from tests.recommendations.pages.pages import begin, fill_in, hidden, place, step, text_of

pytestmark = pytest.mark.django_db


def test_submitting_twice_creates_one_update(client, assignment, officer):
    client.force_login(officer)
    form = hidden(fill_in(client, assignment))
    url = reverse("update_check", args=place(assignment))
    client.post(url, form)
    page = client.post(url, form, follow=True)
    assert "This update was already submitted at" in text_of(page)
    assert Update.objects.count() == 1


def test_going_back_after_submitting_is_explained(client, assignment, officer):
    client.force_login(officer)
    form = hidden(fill_in(client, assignment))
    url = reverse("update_check", args=place(assignment))
    client.post(url, form)
    assert "Asha Rowe submitted the last update at" in text_of(client.get(url, follow=True))
    page = client.post(step(assignment, "progress"), form | {"account": "One more thing"})
    assert page.status_code == 409
    assert "This update was already submitted at" in text_of(page)
    assert "One more thing" in text_of(page)
    page = client.post(step(assignment, "progress"), hidden(page) | {"account": "One more thing"})
    assert page.status_code == 302
    assert Draft.objects.get().account == "One more thing"


def test_an_old_page_does_not_overwrite_the_next_draft(client, assignment, officer, colleague):
    client.force_login(officer)
    submitted = hidden(fill_in(client, assignment))
    client.post(reverse("update_check", args=place(assignment)), submitted)
    client.force_login(colleague)
    page = begin(client, assignment)
    client.post(step(assignment, "progress"), hidden(page) | {"account": "Ben's new draft"})
    client.force_login(officer)
    page = client.post(step(assignment, "progress"), submitted | {"account": "Asha's old page"})
    assert page.status_code == 409
    assert "Ben's new draft" in text_of(page)
    assert Draft.objects.get().account == "Ben's new draft"


def test_an_incomplete_draft_is_not_submitted(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    url = reverse("update_check", args=place(assignment))
    page = client.post(url, hidden(client.get(url)))
    assert "There is a problem" in text_of(page)
    assert "Enter what progress you have made" in text_of(page)
    assert not Update.objects.exists()


def test_a_forecast_that_has_passed_since_it_was_saved_is_not_submitted(
    client, assignment, officer
):
    client.force_login(officer)
    page = fill_in(client, assignment)
    Draft.objects.update(forecast_on=timezone.now().date() - timedelta(days=2))
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page))
    assert "Forecast date must be today or in the future" in text_of(page)
    assert not Update.objects.exists()


def test_a_draft_that_changed_after_the_check_is_not_submitted(
    client, assignment, officer, colleague
):
    client.force_login(officer)
    page = fill_in(client, assignment)
    draft = Draft.objects.get()
    save_draft(
        draft=draft, version=draft.version, by=colleague, at=timezone.now(), blockers="No staff"
    )
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page))
    assert page.status_code == 409
    assert "The draft has changed since you checked it" in text_of(page)
    assert "Draft saved by Ben Cole" in text_of(page)
    assert "No staff" in text_of(page)
    assert not Update.objects.exists()


def test_what_was_typed_is_shown_after_a_withdrawal(client, assignment, officer, analyst):
    client.force_login(officer)
    page = begin(client, assignment)
    withdraw_assignment(
        assignment=assignment,
        kind="no_further_action",
        reason="Merged",
        by=analyst,
        at=timezone.now(),
    )
    page = client.post(step(assignment, "progress"), hidden(page) | {"account": "Long text"})
    assert page.status_code == 409
    assert "This recommendation is withdrawn" in text_of(page)
    assert "Long text" in text_of(page)
    assert Draft.objects.get().account == "Long text"
    check = client.get(reverse("update_check", args=place(assignment)))
    assert "Long text" in text_of(check)


def test_what_was_typed_is_shown_after_a_colleague_claimed(client, assignment, officer, colleague):
    client.force_login(officer)
    page = begin(client, assignment)
    claim(assignment, at=timezone.now(), by=colleague)
    answer = client.post(step(assignment, "progress"), hidden(page) | {"account": "Long text"})
    assert answer.status_code == 409
    assert "A claim is waiting for review" in text_of(answer)
    assert "Long text" in text_of(answer)
    check = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    assert "already submitted" in text_of(check)
    assert client.post(reverse("update", args=place(assignment))).status_code == 409


@pytest.mark.parametrize("form", [{}, {"token": "x", "version": "-1"}, {"version": "9" * 5000}])
def test_an_invalid_form_is_explained(client, assignment, officer, form):
    client.force_login(officer)
    begin(client, assignment)
    for url in [
        reverse("update_check", args=place(assignment)),
        reverse("update_discard", args=place(assignment)),
        step(assignment, "progress"),
    ]:
        assert client.post(url, form | {"account": "a\x00b"}).status_code == 409
    assert Draft.objects.get().account == ""


def test_the_draft_of_another_force_cannot_be_submitted(client, assignment, officer):
    other = OfficerFactory()
    client.force_login(officer)
    form = hidden(fill_in(client, assignment))
    other_assignment = AssignmentFactory(recommendation=assignment.recommendation, body=other.body)
    client.force_login(other)
    assert (
        client.post(reverse("update_check", args=place(other_assignment)), form).status_code == 409
    )
    assert not Update.objects.exists()
