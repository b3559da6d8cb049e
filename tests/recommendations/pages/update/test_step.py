"""Nothing typed into the update form is lost: autosave, ended sessions and old forms."""

import pytest
from django.test import Client
from django.urls import reverse

from forces.models import AuditEvent
from recommendations.models import Draft
from tests.factories import PASSWORD, OfficerFactory
from tests.recommendations.pages.pages import begin, hidden, step, text_of

pytestmark = pytest.mark.django_db
WORDS = "All patrols share one picture of the lines now."


def autosave(client, assignment, page, **answers):
    return client.post(
        step(assignment, "progress"), hidden(page) | answers, headers={"X-Autosave": "1"}
    )


def test_autosave_saves_and_says_so(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    page = client.get(step(assignment, "progress"))
    answer = autosave(client, assignment, page, account=WORDS)
    assert answer.json()["version"] == 2
    assert answer.json()["sentence"].startswith("Draft saved by you at")
    autosave(client, assignment, page, account=WORDS, next_steps="Train the sergeants")
    assert Draft.objects.get().account == WORDS
    assert not AuditEvent.objects.filter(act="draft saved").exists()  # "draft begun" is enough


def test_autosave_saves_the_valid_answers_only(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    page = client.get(step(assignment, "outlook"))
    typed = hidden(page) | {"forecast_on_day": "31", "forecast_on_month": "2", "blockers": WORDS}
    answer = client.post(step(assignment, "outlook"), typed, headers={"X-Autosave": "1"})
    assert answer.status_code == 200
    assert (Draft.objects.get().blockers, Draft.objects.get().forecast_on) == (WORDS, None)
    assert answer.json()["sentence"].startswith(
        "Not everything on this page is saved: Forecast date"
    )


def test_autosave_does_not_save_a_text_that_is_too_long(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    page = client.get(step(assignment, "progress"))
    answer = autosave(client, assignment, page, account="x" * 4001)
    assert "Not everything on this page is saved" in answer.json()["sentence"]
    assert "4,000 characters or less" in answer.json()["sentence"]
    assert Draft.objects.get().account == ""


def test_autosave_overwrites_nothing_of_a_colleague(client, assignment, officer):
    colleague = OfficerFactory(body=assignment.body, name="Ben Cole")
    other = Client()
    client.force_login(officer)
    other.force_login(colleague)
    begin(client, assignment)
    page = client.get(step(assignment, "progress"))
    autosave(other, assignment, page, account="Ben's words")
    answer = autosave(client, assignment, page, account=WORDS)
    assert answer.status_code == 409
    assert "Ben Cole changed this draft while you were working" in answer.json()["sentence"]
    assert Draft.objects.get().account == "Ben's words"
    assert AuditEvent.objects.get(act="draft saved").actor == colleague


def test_what_was_typed_when_the_session_ended_is_shown_after_signing_in(
    client, assignment, officer
):
    client.force_login(officer)
    begin(client, assignment)
    page = client.get(step(assignment, "progress"))
    client.logout()
    url = step(assignment, "progress") + "?change"
    sign_in = client.post(url, hidden(page) | {"account": WORDS})
    assert sign_in.status_code == 403
    assert "We have saved what you typed" in text_of(sign_in)
    assert WORDS in text_of(sign_in)  # to be copied by somebody who may not come back
    packed = sign_in.context["resumed_form"]
    typed = {"login": officer.email, "password": PASSWORD, "resumed_form": packed}
    wrong = client.post(reverse("login"), typed | {"password": "wrong", "next": url})
    assert packed in text_of(wrong)
    assert WORDS in text_of(wrong)
    back = client.post(reverse("login"), typed | {"next": url}, follow=True)
    assert back.request["PATH_INFO"] == step(assignment, "progress")
    assert WORDS in text_of(back)
    assert "it is not saved yet" in text_of(back)
    assert Draft.objects.get().account == ""
    saved = client.post(url, hidden(back) | {"account": WORDS}, follow=True)
    assert "Check your answers" in text_of(saved)
    assert Draft.objects.get().account == WORDS
    assert WORDS in text_of(client.get(step(assignment, "progress")))


def test_autosave_without_a_session_is_sent_to_sign_in(client, assignment, officer):
    client.force_login(officer)
    begin(client, assignment)
    page = client.get(step(assignment, "progress"))
    client.logout()
    assert autosave(client, assignment, page, account=WORDS).status_code == 302


@pytest.mark.parametrize("packed", ["", "x", "eyJ9:1:2", "\x00"])
def test_typed_text_that_was_tampered_with_is_dropped(client, officer, packed):
    typed = {"login": officer.email, "password": PASSWORD, "resumed_form": packed}
    assert client.post(reverse("login"), typed).status_code == 302
    assert "resumed_form" not in client.session


def test_an_expired_form_shows_what_was_typed(assignment, officer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    url = step(assignment, "progress")
    ours = strict.post(url, {"account": WORDS}, headers={"Sec-Fetch-Site": "same-origin"})
    assert WORDS in text_of(ours)
    foreign = strict.post(url, {"account": WORDS}, headers={"Sec-Fetch-Site": "cross-site"})
    assert WORDS not in text_of(foreign)
    assert {ours.status_code, foreign.status_code} == {403}
