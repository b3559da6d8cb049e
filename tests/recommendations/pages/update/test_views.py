"""Writing an update: its pages, two people in one draft, and deleting the draft."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from forces.models import Role
from recommendations.actions.drafts import save_draft
from recommendations.models import Draft, Update
from tests.factories import (
    ASSIGNED_AT,
    OfficerFactory,
    UserFactory,
    claim,
    send_back,
    submit,
)
from tests.recommendations.evidence.files import PDF
from tests.recommendations.pages.pages import begin, fill_in, hidden, place, step, text_of

pytestmark = pytest.mark.django_db
NAMES = ["update", "update_check", "update_discard"]
STAGES = ["check", "evidence"]


def people(assignment) -> dict:
    return {
        "own officer": OfficerFactory(body=assignment.body),
        "other officer": OfficerFactory(),
        "observer": UserFactory(role=Role.OBSERVER, body=assignment.body),
        "analyst": UserFactory(),
        "administrator": UserFactory(role=Role.ADMINISTRATOR),
    }


@pytest.mark.parametrize(
    "who", ["own officer", "other officer", "observer", "analyst", "administrator"]
)
def test_only_officers_of_the_force_write(client, assignment, who):
    client.force_login(people(assignment)[who])
    urls = [reverse(name, args=place(assignment)) for name in NAMES] + [step(assignment, "status")]
    answers = {client.get(url).status_code for url in urls}
    answers |= {client.post(urls[0]).status_code}
    assert answers <= {200, 302} if who == "own officer" else answers == {404}
    assert Draft.objects.exists() == (who == "own officer")


def test_opening_the_start_page_creates_no_draft(client, assignment, officer):
    client.force_login(officer)
    assert client.get(reverse("update", args=place(assignment))).status_code == 200
    assert not Draft.objects.exists()


def test_other_methods_and_steps_are_denied(client, assignment, officer):
    client.force_login(officer)
    assert client.put(reverse("update", args=place(assignment))).status_code == 405
    assert client.delete(step(assignment, "status")).status_code == 405
    assert client.get(step(assignment, "nonsense")).status_code == 404


def test_an_update_goes_through_every_page_and_is_submitted(client, assignment, officer):
    client.force_login(officer)
    page = fill_in(client, assignment)
    assert "1 June 2031" in text_of(page)
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    update = Update.objects.get()
    assert page.redirect_chain == [(reverse("update_sent", args=[*place(assignment), 1]), 302)]
    assert "Update submitted" in text_of(page)
    assert update.reference in text_of(page)
    assert (update.status, update.confidence, update.next_steps) == (
        "in_progress",
        "amber",
        "Train the sergeants.",
    )


def test_a_draft_continues_at_the_first_incomplete_page(client, assignment, officer):
    client.force_login(officer)
    page = begin(client, assignment)
    client.post(step(assignment, "status"), hidden(page) | {"status": "in_progress"})
    assert begin(client, assignment).request["PATH_INFO"] == step(assignment, "progress")


def test_an_empty_answer_gets_an_error_and_nothing_is_saved(client, assignment, officer):
    client.force_login(officer)
    page = client.post(step(assignment, "status"), hidden(begin(client, assignment)))
    shown = text_of(page)
    assert shown.count("Select the status") == 2  # in the summary and at the field
    assert "<title>Error: " in shown
    assert Draft.objects.get().version == 1


def test_everything_typed_is_shown_again_when_one_answer_is_wrong(client, assignment, officer):
    client.force_login(officer)
    page = begin(client, assignment)
    client.post(step(assignment, "status"), hidden(page) | {"status": "in_progress"})
    typed = {
        "forecast_on_day": "31",
        "forecast_on_month": "2",
        "forecast_on_year": "2031",
        "blockers": "“No” analysts • yet",
    }
    shown = text_of(client.post(step(assignment, "outlook"), hidden(page) | typed))
    assert "Forecast date must be a real date" in shown
    assert "“No” analysts • yet" in shown
    assert 'value="31"' in shown
    assert Draft.objects.get().blockers == ""


def test_an_incomplete_page_is_saved_when_the_person_leaves(client, assignment, officer):
    client.force_login(officer)
    typed = hidden(begin(client, assignment)) | {"next_steps": "Ask the unit", "action": "leave"}
    page = client.post(step(assignment, "progress"), typed, follow=True)
    assert "Draft saved. You can continue at any time." in text_of(page)
    assert "Draft saved by you at" in text_of(page)
    assert Draft.objects.get().next_steps == "Ask the unit"


def test_two_people_in_one_draft_see_both_texts(client, assignment, officer, colleague):
    client.force_login(officer)
    begin(client, assignment)
    opened = client.get(step(assignment, "progress"))
    save_draft(
        draft=Draft.objects.get(), version=1, by=colleague, at=timezone.now(), account="Ben's words"
    )
    typed = {"account": "Asha's words"}
    page = client.post(step(assignment, "progress"), hidden(opened) | typed)
    assert page.status_code == 409
    shown = text_of(page)
    assert "Ben Cole changed this draft at" in shown
    assert "Ben's words" in shown
    assert shown.count("Asha's words") == 2  # next to Ben's, and in the form
    assert Draft.objects.get().account == "Ben's words"

    client.post(step(assignment, "progress"), hidden(page) | typed)
    assert Draft.objects.get().account == "Asha's words"


def test_an_error_does_not_hide_what_a_colleague_has_saved(client, assignment, officer, colleague):
    client.force_login(officer)
    begin(client, assignment)
    opened = client.get(step(assignment, "progress"))
    save_draft(
        draft=Draft.objects.get(), version=1, by=colleague, at=timezone.now(), account="Ben's words"
    )
    invalid = client.post(step(assignment, "progress"), hidden(opened) | {"account": ""})
    page = client.post(step(assignment, "progress"), hidden(invalid) | {"account": "Asha's"})
    assert page.status_code == 409
    assert Draft.objects.get().account == "Ben's words"


@pytest.mark.parametrize("name", [*NAMES, "step"])
def test_the_pages_need_few_queries(
    client, assignment, officer, name, django_assert_max_num_queries
):
    client.force_login(officer)
    fill_in(client, assignment)
    url = step(assignment, "progress") if name == "step" else reverse(name, args=place(assignment))
    with django_assert_max_num_queries(9):
        client.get(url)


def test_the_start_page_shows_why_a_claim_was_returned(client, assignment, officer, analyst):
    send_back(claim(assignment, at=ASSIGNED_AT, by=officer), at=ASSIGNED_AT, by=analyst)
    client.force_login(officer)
    shown = text_of(client.get(reverse("update", args=place(assignment))))
    assert "The evidence is missing." in shown


def test_every_page_says_what_is_asked_and_why_a_claim_was_returned(
    client, assignment, officer, analyst
):
    send_back(claim(assignment, at=ASSIGNED_AT, by=officer), at=ASSIGNED_AT, by=analyst)
    client.force_login(officer)
    fill_in(client, assignment)
    urls = [step(assignment, slug) for slug in ("status", "progress", "outlook", "sign-off", "all")]
    for url in [*urls, *(reverse(f"update_{name}", args=place(assignment)) for name in STAGES)]:
        shown = text_of(client.get(url))
        assert assignment.recommendation.text in shown, url
        assert "The evidence is missing." in shown, url
        assert "31 December 2026" in shown, url


def test_the_last_answers_are_filled_in_and_marked(client, assignment, officer):
    answers = {"next_steps": "Train the sergeants.", "blockers": "Money.", "confidence": "amber"}
    last = submit(assignment, at=timezone.now() - timedelta(days=9), by=officer, **answers)
    client.force_login(officer)
    page = begin(client, assignment)
    assert page.request["PATH_INFO"] == step(assignment, "status")
    page = client.get(step(assignment, "progress"))
    assert text_of(page).count("From 16 November 2026, not changed yet") == 2
    typed = {"account": "Patrols have begun.", "next_steps": last.next_steps}
    page = client.post(step(assignment, "progress"), hidden(page) | typed, follow=True)
    page = client.get(reverse("update_check", args=place(assignment)))
    client.post(reverse("update_check", args=place(assignment)), hidden(page))
    update = Update.objects.last()
    assert (update.account, update.blockers) == ("Patrols have begun.", "Money.")


def test_all_questions_fit_on_one_page_and_the_choice_is_stored(client, assignment, officer):
    client.force_login(officer)
    start = reverse("update", args=place(assignment))
    page = client.post(start, {"one": "1"}, follow=True)
    assert page.request["PATH_INFO"] == step(assignment, "all")
    answers = {
        "status": "in_progress",
        "confidence": "amber",
        "account": "Patrols have begun.",
        "forecast_on_day": "1",
        "forecast_on_month": "6",
        "forecast_on_year": "2031",
    }
    file = SimpleUploadedFile("plan.pdf", PDF)
    shown = client.post(step(assignment, "all"), hidden(page) | answers | {"files": file})
    assert "Enter the name and rank" in text_of(shown)
    assert "plan.pdf" in text_of(shown)  # stored, although an answer is missing
    answers["signed_off_by"] = "Superintendent Jo Hale"
    page = client.post(step(assignment, "all"), hidden(shown) | answers, follow=True)
    assert page.request["PATH_INFO"] == reverse("update_check", args=place(assignment))
    client.post(reverse("update_check", args=place(assignment)), hidden(page))
    assert Update.objects.get().evidence_count == 1
    assert begin(client, assignment).request["PATH_INFO"] == step(assignment, "all")


def test_a_claim_is_not_asked_for_a_forecast_confidence_or_blockers(client, assignment, officer):
    submit(assignment, at=ASSIGNED_AT, by=officer, confidence="amber", blockers="Money.")
    client.force_login(officer)
    page = begin(client, assignment)
    claimed = hidden(page) | {"status": "implemented"}
    page = client.post(step(assignment, "status"), claimed, follow=True)
    assert "step 2 of 4" in text_of(page)
    page = client.get(step(assignment, "outlook"), follow=True)
    assert page.request["PATH_INFO"] == reverse("update_check", args=place(assignment))
    assert "A claim does not include these answers" in text_of(page)
    client.post(reverse("update_check", args=place(assignment)), hidden(page))
    update = Update.objects.last()
    assert (update.confidence, update.blockers, update.forecast_on) == ("", "", None)


def test_a_contradiction_is_asked_about_and_its_confirmation_is_recorded(
    client, assignment, officer
):
    client.force_login(officer)
    fill_in(client, assignment)
    page = client.get(step(assignment, "outlook"))
    answers = {"forecast_on_day": "1", "forecast_on_month": "6", "forecast_on_year": "2031"}
    answers |= hidden(page) | {"confidence": "green"}
    shown = text_of(client.post(step(assignment, "outlook"), answers))
    assert shown.count("your forecast is after the due date of 31 December 2026") == 2
    assert "Yes, this is right" in shown
    assert Draft.objects.get().confidence == "amber"  # not saved before the question is answered
    confirmed = answers | {"confirmed_contradictions": "green_late_forecast"}
    client.post(step(assignment, "outlook"), confirmed)
    page = client.get(reverse("update_check", args=place(assignment)))
    assert "Confirmed as right" in text_of(page)
    client.post(reverse("update_check", args=place(assignment)), hidden(page))
    assert Update.objects.get().confirmed_contradictions == ["green_late_forecast"]


def test_a_draft_is_deleted_after_a_confirmation(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    url = reverse("update_discard", args=place(assignment))
    page = client.get(url)
    assert Draft.objects.exists()
    assert "Draft deleted." in text_of(client.post(url, hidden(page), follow=True))
    assert not Draft.objects.exists()
    assert "There is no draft" in text_of(client.post(url, hidden(page), follow=True))


def test_a_draft_that_a_colleague_changed_is_not_deleted(client, assignment, officer, colleague):
    client.force_login(officer)
    begin(client, assignment)
    url = reverse("update_discard", args=place(assignment))
    page = client.get(url)
    save_draft(
        draft=Draft.objects.get(), version=1, by=colleague, at=timezone.now(), account="New words"
    )
    page = client.post(url, hidden(page))
    assert page.status_code == 409
    assert "New words" in text_of(page)
    assert Draft.objects.exists()
