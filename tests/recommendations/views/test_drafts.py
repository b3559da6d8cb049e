from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from forces.models import Role
from recommendations.actions import save_draft, withdraw_assignment
from recommendations.models import Draft, Update
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    claim,
    send_back,
)
from tests.recommendations.views.pages import begin, fill_in, hidden, place, step, text_of

pytestmark = pytest.mark.django_db
NAMES = ["update", "update_check", "update_discard"]


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
def test_only_the_bodys_own_officer_writes(client, assignment, who):
    client.force_login(people(assignment)[who])
    urls = [reverse(name, args=place(assignment)) for name in NAMES] + [step(assignment, "status")]
    answers = {client.get(url).status_code for url in urls}
    answers |= {client.post(urls[0]).status_code}
    assert answers <= {200, 302} if who == "own officer" else answers == {404}
    assert Draft.objects.exists() == (who == "own officer")


def test_whoever_is_signed_out_comes_back_to_the_same_step(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    client.logout()
    url = step(assignment, "progress")
    answer = client.post(url, {"account": "Typed while the session ended"})
    assert answer.url.endswith(f"?next={url}")
    client.force_login(officer)
    assert client.get(url).status_code == 200


def test_opening_the_start_page_writes_nothing(client, assignment, officer):
    client.force_login(officer)
    assert client.get(reverse("update", args=place(assignment))).status_code == 200
    assert not Draft.objects.exists()


def test_other_methods_are_refused_and_other_steps_not_found(client, assignment, officer):
    client.force_login(officer)
    assert client.put(reverse("update", args=place(assignment))).status_code == 405
    assert client.delete(step(assignment, "status")).status_code == 405
    assert client.get(step(assignment, "nonsense")).status_code == 404


def test_an_update_goes_through_every_page_and_is_sent(client, assignment, officer):
    client.force_login(officer)
    page = fill_in(client, assignment)
    assert "1 June 2031" in text_of(page)
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    assert page.redirect_chain == [(assignment.get_absolute_url(), 302)]
    assert "Your update is sent" in text_of(page)
    sent = Update.objects.get()
    assert (sent.status, sent.confidence, sent.next_steps) == (
        "in_progress",
        "amber",
        "Train the sergeants.",
    )


def test_a_draft_is_resumed_at_what_is_left(client, assignment, officer):
    client.force_login(officer)
    page = begin(client, assignment)
    answers = {"status": "in_progress", "confidence": "red"}
    client.post(step(assignment, "status"), hidden(page) | answers)
    assert begin(client, assignment).request["PATH_INFO"] == step(assignment, "progress")


def test_an_empty_answer_gets_a_sentence_beside_it_and_nothing_is_written(
    client, assignment, officer
):
    client.force_login(officer)
    page = client.post(step(assignment, "status"), hidden(begin(client, assignment)))
    shown = text_of(page)
    assert shown.count("Select the status") == 2  # in the summary and beside the field
    assert "<title>Error: " in shown
    assert Draft.objects.get().version == 1


def test_everything_typed_is_kept_when_one_answer_is_wrong(client, assignment, officer):
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


def test_whoever_leaves_early_keeps_half_an_answer(client, assignment, officer):
    client.force_login(officer)
    typed = hidden(begin(client, assignment)) | {"next_steps": "Ask the unit", "action": "leave"}
    page = client.post(step(assignment, "progress"), typed, follow=True)
    assert "Your draft is saved" in text_of(page)
    assert "Draft saved by you at" in text_of(page)
    assert Draft.objects.get().next_steps == "Ask the unit"


def test_two_people_in_one_draft_keep_both_texts(client, assignment, officer, colleague):
    client.force_login(officer)
    begin(client, assignment)
    mine = client.get(step(assignment, "progress"))
    save_draft(
        draft=Draft.objects.get(), version=1, by=colleague, at=timezone.now(), account="Ben's words"
    )
    typed = {"account": "Asha's words"}
    page = client.post(step(assignment, "progress"), hidden(mine) | typed)
    assert page.status_code == 409
    shown = text_of(page)
    assert "Ben Cole changed this draft at" in shown
    assert "Ben's words" in shown
    assert shown.count("Asha's words") == 2  # beside Ben's, and in the form
    assert Draft.objects.get().account == "Ben's words"

    client.post(step(assignment, "progress"), hidden(page) | typed)
    assert Draft.objects.get().account == "Asha's words"


def test_an_error_does_not_hide_what_a_colleague_saved(client, assignment, officer, colleague):
    client.force_login(officer)
    begin(client, assignment)
    mine = client.get(step(assignment, "progress"))
    save_draft(
        draft=Draft.objects.get(), version=1, by=colleague, at=timezone.now(), account="Ben's words"
    )
    wrong = client.post(step(assignment, "progress"), hidden(mine) | {"account": ""})
    page = client.post(step(assignment, "progress"), hidden(wrong) | {"account": "Asha's"})
    assert page.status_code == 409
    assert Draft.objects.get().account == "Ben's words"


def test_sending_twice_makes_one_update_and_says_so(client, assignment, officer):
    client.force_login(officer)
    form = hidden(fill_in(client, assignment))
    url = reverse("update_check", args=place(assignment))
    client.post(url, form)
    page = client.post(url, form, follow=True)
    assert "This update was already sent at" in text_of(page)
    assert Update.objects.count() == 1


def test_back_after_sending_explains(client, assignment, officer):
    client.force_login(officer)
    form = hidden(fill_in(client, assignment))
    url = reverse("update_check", args=place(assignment))
    client.post(url, form)
    assert "Asha Rowe sent the last update at" in text_of(client.get(url, follow=True))
    page = client.post(step(assignment, "progress"), form | {"account": "One more thing"})
    assert page.status_code == 409
    assert "This update was already sent at" in text_of(page)
    assert "One more thing" in text_of(page)
    page = client.post(step(assignment, "progress"), hidden(page) | {"account": "One more thing"})
    assert page.status_code == 302
    assert Draft.objects.get().account == "One more thing"


def test_a_page_of_a_sent_draft_does_not_write_over_the_next_one(
    client, assignment, officer, colleague
):
    client.force_login(officer)
    old = hidden(fill_in(client, assignment))
    client.post(reverse("update_check", args=place(assignment)), old)
    client.force_login(colleague)
    page = begin(client, assignment)
    client.post(step(assignment, "progress"), hidden(page) | {"account": "Ben's new draft"})
    client.force_login(officer)
    page = client.post(step(assignment, "progress"), old | {"account": "Asha's old page"})
    assert page.status_code == 409
    assert "Ben's new draft" in text_of(page)
    assert Draft.objects.get().account == "Ben's new draft"


def test_what_is_left_is_said_on_the_check_page_and_nothing_is_sent(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    url = reverse("update_check", args=place(assignment))
    page = client.post(url, hidden(client.get(url)))
    assert "There is a problem" in text_of(page)
    assert "Enter what progress you have made" in text_of(page)
    assert not Update.objects.exists()


def test_a_forecast_that_has_passed_since_it_was_saved_is_asked_again(client, assignment, officer):
    client.force_login(officer)
    page = fill_in(client, assignment)
    Draft.objects.update(forecast_on=timezone.now().date() - timedelta(days=2))
    page = client.post(reverse("update_check", args=place(assignment)), hidden(page))
    assert "Forecast date must be today or in the future" in text_of(page)
    assert not Update.objects.exists()


def test_a_draft_that_changed_after_the_check_is_checked_again(
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
    assert "The draft was changed after you checked it" in text_of(page)
    assert "Draft saved by Ben Cole" in text_of(page)
    assert "No staff" in text_of(page)
    assert not Update.objects.exists()


def test_a_withdrawal_meanwhile_keeps_and_shows_what_was_typed(
    client, assignment, officer, analyst
):
    client.force_login(officer)
    page = begin(client, assignment)
    withdraw_assignment(assignment=assignment, reason="Merged", by=analyst, at=timezone.now())
    page = client.post(step(assignment, "progress"), hidden(page) | {"account": "Long text"})
    assert page.status_code == 409
    assert "This recommendation is withdrawn" in text_of(page)
    assert "Long text" in text_of(page)
    assert Draft.objects.get().account == "Long text"
    check = client.get(reverse("update_check", args=place(assignment)))
    assert "Long text" in text_of(check)


def test_a_claim_sent_meanwhile_is_explained(client, assignment, officer, colleague):
    client.force_login(officer)
    page = begin(client, assignment)
    claim(assignment, at=timezone.now(), by=colleague)
    answer = client.post(step(assignment, "progress"), hidden(page) | {"account": "Long text"})
    assert answer.status_code == 409
    assert "A claim is waiting for review" in text_of(answer)
    assert "Long text" in text_of(answer)
    check = client.post(reverse("update_check", args=place(assignment)), hidden(page), follow=True)
    assert "already sent" in text_of(check)
    assert client.post(reverse("update", args=place(assignment))).status_code == 409


@pytest.mark.parametrize("form", [{}, {"token": "x", "version": "-1"}, {"version": "9" * 5000}])
def test_a_mangled_form_is_explained(client, assignment, officer, form):
    client.force_login(officer)
    begin(client, assignment)
    for url in [
        reverse("update_check", args=place(assignment)),
        reverse("update_discard", args=place(assignment)),
        step(assignment, "progress"),
    ]:
        assert client.post(url, form | {"account": "a\x00b"}).status_code == 409
    assert Draft.objects.get().account == ""


def test_a_draft_of_another_body_cannot_be_sent(client, assignment, officer):
    other = OfficerFactory()
    client.force_login(officer)
    form = hidden(fill_in(client, assignment))
    theirs = AssignmentFactory(recommendation=assignment.recommendation, body=other.body)
    client.force_login(other)
    assert client.post(reverse("update_check", args=place(theirs)), form).status_code == 409
    assert not Update.objects.exists()


def test_a_draft_is_deleted_after_a_question(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    url = reverse("update_discard", args=place(assignment))
    page = client.get(url)
    assert Draft.objects.exists()
    assert "The draft is deleted" in text_of(client.post(url, hidden(page), follow=True))
    assert not Draft.objects.exists()
    assert "There is no draft" in text_of(client.post(url, hidden(page), follow=True))


def test_a_draft_is_not_deleted_over_a_colleagues_words(client, assignment, officer, colleague):
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


@pytest.mark.parametrize("name", [*NAMES, "step"])
def test_the_pages_ask_a_constant_number_of_queries(
    client, assignment, officer, name, django_assert_max_num_queries
):
    client.force_login(officer)
    fill_in(client, assignment)
    url = step(assignment, "progress") if name == "step" else reverse(name, args=place(assignment))
    with django_assert_max_num_queries(8):
        client.get(url)


def test_the_reason_of_a_returned_claim_stands_where_the_next_update_begins(
    client, assignment, officer, analyst
):
    send_back(claim(assignment, at=ASSIGNED_AT, by=officer), at=ASSIGNED_AT, by=analyst)
    client.force_login(officer)
    shown = text_of(client.get(reverse("update", args=place(assignment))))
    assert "The evidence is missing." in shown
