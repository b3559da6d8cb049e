"""Reminders by one click, on the pages of an assignment and of a force."""

import re

import pytest
from django.test import Client

from recommendations.models import Reminder
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def test_an_analyst_reminds_a_force_of_everything_that_needs_it(analyst_client, world):
    page = analyst_client.get("/forces/kent/")
    assert "Remind Kent of 2 recommendations" in text_of(page)
    page = analyst_client.post("/forces/kent/remind/", follow=True)
    assert "Kent Police will get a reminder of 2 recommendations by email." in text_of(page)
    assert "Remind Kent" not in text_of(page)
    assert "Last reminded at" in text_of(page)
    numbers = Reminder.objects.values_list("assignment__recommendation__number", flat=True)
    assert sorted(numbers) == [2, 3]
    page = analyst_client.post("/forces/kent/2/remind/", follow=True)
    assert "A reminder was sent at" in text_of(page)
    assert Reminder.objects.count() == 2


def test_nobody_is_reminded_at_a_force_without_officers(analyst_client, world):
    for address in ("/forces/norfolk/", "/forces/norfolk/2/"):
        page = text_of(analyst_client.get(address))
        assert "Remind Norfolk" not in page
        assert "Norfolk Police has no liaison officer who gets alerts by email." in page
    page = analyst_client.post("/forces/norfolk/remind/", follow=True)
    assert "Norfolk Police has no liaison officer who gets alerts by email." in text_of(page)


def test_the_button_of_a_row_sends_the_token_of_the_form_outside_the_table(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.analyst)
    page = text_of(browser.get("/forces/kent/"))
    form = re.search(r'<form method="post" id="remind" hidden>.*?</form>', page, re.DOTALL)
    button = re.search(r'form="remind" formaction="(/forces/kent/2/remind/)"', page)
    assert form
    assert button
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form[0]))
    assert browser.post(button[1], fields).headers["Location"] == "/forces/kent/"
    assert Reminder.objects.get().assignment == world.assignment("Kent", 2)


def test_only_analysts_send_reminders(client, world):
    for person in (world.administrator, world.observer, world.officer):
        client.force_login(person)
        for address in ("/forces/kent/", "/forces/kent/2/"):
            assert "Remind Kent" not in text_of(client.get(address))
            assert client.post(f"{address}remind/").status_code == 404
    assert not Reminder.objects.exists()
