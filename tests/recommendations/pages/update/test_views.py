import pytest
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
)
from tests.recommendations.pages.pages import begin, fill_in, hidden, place, step, text_of

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
