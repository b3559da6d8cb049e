"""A reader's email preferences, and the unsubscribe link of an email."""

import re

import pytest
from django.conf import settings
from django.test import Client

from forces.models import AuditEvent, Role
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.emails import unsubscribe
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.emails.personalisation import personalise_email
from recommendations.models import EmailPreference, OutboxEmail
from recommendations.rules import london_day
from tests.factories import UserFactory
from tests.recommendations.pages.pages import text_of
from tests.world import World

pytestmark = pytest.mark.django_db


class TestPreferences:
    def test_a_reader_sets_their_own(self, client, world):
        client.force_login(world.officer)
        assert "Only when something is overdue" in text_of(client.get("/digests/mine/"))
        client.post("/digests/mine/", {"weekly": "always", "at_once": "no"})
        choice = EmailPreference.objects.get(reader=world.officer)
        assert (choice.weekly, choice.at_once) == ("always", False)

    def test_an_invalid_choice_is_an_error_next_to_the_field(self, client, world):
        client.force_login(world.analyst)
        page = text_of(client.post("/digests/mine/", {"weekly": "daily", "at_once": ""}))
        assert "Select when to get the weekly email from the list" in page
        assert "Select yes if you want to get instant alerts" in page
        assert not EmailPreference.objects.exists()

    def test_alerts_are_not_offered_to_a_role_without_alerts(self, client, world):
        reader = UserFactory(role=Role.OBSERVER)
        client.force_login(reader)
        assert "Instant alerts" not in text_of(client.get("/digests/mine/"))
        client.post("/digests/mine/", {"weekly": "always", "at_once": "no"})
        choice = EmailPreference.objects.get(reader=reader)
        assert (choice.weekly, choice.at_once) == ("always", True)

    def test_an_administrator_sets_them_for_a_reader(self, administrator, world):
        form = {"weekly": "never", "at_once": "no"}
        administrator.post(f"/people/{world.officer.pk}/", form)
        assert EmailPreference.objects.get(reader=world.officer).weekly == "never"
        event = AuditEvent.objects.get(act="mail chosen")
        assert event.actor == world.administrator


class TestCopiesToChiefOfficers:
    def is_set(self, world: World) -> bool:
        world.forces["Kent"].refresh_from_db()
        return world.forces["Kent"].copies_to_chief_officers

    def test_an_officer_sets_them(self, client, world):
        client.force_login(world.officer)
        form = {"act": "copies", "copies": "yes", "shown": "no"}
        page = text_of(client.post("/digests/mine/", form, follow=True))
        assert "Chief officers at Kent will get the weekly email." in page
        assert self.is_set(world)
        assert not EmailPreference.objects.exists()
        client.post("/digests/mine/", {"act": "copies", "copies": "no", "shown": "yes"})
        assert not self.is_set(world)

    def test_an_outdated_page_does_not_undo_a_colleague_s_change(self, client, world):
        client.force_login(world.officer)
        client.post("/digests/mine/", {"act": "copies", "copies": "yes", "shown": "no"})
        form = {"weekly": "always", "at_once": "no", "copies": "no", "shown": "no"}
        client.post("/digests/mine/", form)
        assert self.is_set(world)
        page = text_of(client.post("/digests/mine/", form | {"act": "copies"}, follow=True))
        assert "Someone else has changed whether chief officers get copies." in page
        assert 'name="shown" value="yes"' in page
        assert self.is_set(world)

    def test_an_empty_form_is_an_error(self, client, world):
        client.force_login(world.officer)
        page = text_of(client.post("/digests/mine/", {"act": "copies"}))
        assert "<title>Error: Email preferences" in page
        assert "Select yes if you want to copy chief officers in" in page
        assert "Check the setting again before you change it" in page

    def test_an_observer_neither_sees_nor_sets_them(self, client, world):
        client.force_login(world.observer)
        assert "chief officers" not in text_of(client.get("/digests/mine/")).lower()
        client.post("/digests/mine/", {"act": "copies", "copies": "yes", "shown": "no"})
        assert not AuditEvent.objects.filter(act="copies to chief officers chosen").exists()


def choose(world: World, *, weekly: str = "overdue", at_once: bool = True) -> None:
    reader = world.officer
    set_email_preferences(reader=reader, weekly=weekly, at_once=at_once, by=reader, at=world.now)


class TestUnsubscribing:
    def path(self, world: World, stream: str = unsubscribe.WEEKLY) -> str:
        return unsubscribe.path_for(world.officer.pk, stream)

    def test_a_visit_asks_and_changes_nothing(self, client, world):
        answer = client.get(self.path(world))
        assert "stop the weekly email?" in text_of(answer)
        assert world.officer.name not in text_of(answer)
        assert not EmailPreference.objects.exists()

    def test_one_click_works_without_a_sign_in_or_a_csrf_token(self, world):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(self.path(world), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert EmailPreference.objects.get().weekly == "never"
        client.post(self.path(world, unsubscribe.AT_ONCE))
        assert EmailPreference.objects.get().at_once is False
        assert AuditEvent.objects.filter(act="mail left by its link", actor=None).count() == 2

    def test_an_old_link_does_not_undo_a_new_choice(self, client, world):
        old = self.path(world)
        client.post(old)
        choose(world, weekly="always")
        for answer in (client.get(old), client.post(old)):
            assert "This link no longer works" in text_of(answer)
        assert EmailPreference.objects.get().weekly == "always"
        assert AuditEvent.objects.filter(act="mail left by its link").count() == 1

    def test_the_link_of_a_newer_email_works(self, client, world):
        choose(world, weekly="never")
        choose(world, weekly="always")
        create_digests(week=Week.of(london_day(world.now)), at=world.now)
        email = OutboxEmail.objects.get(reader=world.officer)
        link = personalise_email(email).unsubscribe_url.removeprefix(settings.BASE_URL)
        assert "Weekly email stopped" in text_of(client.post(link))
        assert EmailPreference.objects.get().weekly == "never"

    def test_a_choice_of_alerts_leaves_the_links_of_the_weekly_email_alone(self, client, world):
        old = self.path(world)
        choose(world, at_once=False)
        assert "Weekly email stopped" in text_of(client.post(old))
        assert EmailPreference.objects.get().weekly == "never"

    @pytest.mark.parametrize("token", ["x", "WzEsIndlZWtseSJd:bad", "%00", "a:b:c"])
    def test_a_forged_link_is_not_found(self, client, token):
        assert client.get(f"/digests/unsubscribe/{token}/").status_code == 404
        assert client.post(f"/digests/unsubscribe/{token}/").status_code == 404

    def test_a_reader_cannot_turn_their_link_into_another_s(self, client, world):
        own = self.path(world)
        forged = re.sub(r"unsubscribe/[^:]+", "unsubscribe/WzEsIndlZWtseSJd", own)
        assert client.post(forged).status_code == 404
