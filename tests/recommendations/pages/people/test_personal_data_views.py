"""Viewing and downloading the data held about a person, and removing a person."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from forces.models import AuditEvent, Departure, User
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.models import EmailContent, ImportBatch, OutboxEmail
from recommendations.retention.job import apply_retention
from recommendations.rules import london_day
from tests.recommendations.pages.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]
YEAR = timedelta(days=365)


@pytest.fixture
def administrator(client, world):
    client.force_login(world.administrator)
    return client


def of(name: str, person: User) -> str:
    return reverse(name, args=[person.pk])


class TestOwnData:
    def test_the_page_counts_the_data_and_is_linked_from_the_account(self, client, world):
        client.force_login(world.officer)
        page = text_of(client.get(reverse("your_data")))
        assert "Updates submitted" in page
        assert reverse("your_data") in text_of(client.get(reverse("mfa_index")))

    def test_the_download_is_audited(self, client, world):
        client.force_login(world.officer)
        answer = client.post(reverse("your_data"))
        assert answer["Content-Type"] == "application/json"
        assert answer["Content-Disposition"].startswith('attachment; filename="personal-data-')
        assert "no-store" in answer["Cache-Control"]
        file = json.loads(answer.content)
        assert file["person"]["name"] == "Kay Ent"
        event = AuditEvent.objects.latest("position")
        assert (event.act, event.actor) == ("personal data handed out", world.officer)
        assert event.subject_id == str(world.officer.pk)

    def test_viewing_the_page_is_not_recorded_as_a_download(self, client, world):
        client.force_login(world.officer)
        client.get(reverse("your_data"))
        assert not AuditEvent.objects.filter(act="personal data handed out").exists()

    def test_it_needs_a_sign_in(self, client, world):
        assert client.get(reverse("your_data")).status_code == 302
        assert client.post(reverse("your_data")).status_code == 302


class TestAnAdministrator:
    def test_downloads_the_data_held_about_a_person(self, administrator, world):
        assert of("person_data", world.officer) in text_of(
            administrator.get(of("person", world.officer))
        )
        file = json.loads(administrator.post(of("person_data", world.officer)).content)
        assert file["person"]["name"] == "Kay Ent"
        event = AuditEvent.objects.latest("position")
        assert (event.actor, event.subject_id) == (world.administrator, str(world.officer.pk))

    def test_sees_what_will_happen_before_removing_a_person(self, administrator, world):
        page = text_of(administrator.get(of("person_remove", world.officer)))
        assert f"Former liaison officer {world.officer.pk}" in page
        assert "You cannot undo this." in page
        assert "Kept, under the new name" in page
        world.officer.refresh_from_db()
        assert world.officer.is_active

    def test_removes_a_person(self, administrator, world):
        answer = administrator.post(of("person_remove", world.officer), follow=True)
        page = text_of(answer)
        assert answer.redirect_chain[-1][0] == of("person", world.officer)
        assert "This person was removed on" in page
        assert "Kay Ent" not in page
        assert of("person_remove", world.officer) not in page

    def test_gets_an_error_if_a_person_cannot_be_removed(self, administrator, world):
        answer = administrator.post(of("person_remove", world.administrator))
        assert answer.status_code == 409
        assert "You cannot remove yourself. Ask another administrator." in text_of(answer)

    def test_finds_people_who_have_left_but_not_removed_people(self, administrator, world):
        User.objects.filter(pk__in=[world.officer.pk, world.observer.pk]).update(is_active=False)
        Departure.objects.create(person=world.observer, left_at=world.now, removed_at=world.now)
        page = text_of(administrator.get(reverse("people"), {"account": "left"}))
        assert "Kay Ent" in page
        assert "Obi Server" not in page
        assert "Ana Lyst" not in page


@pytest.mark.parametrize("role", ["analyst", "officer", "observer", "lead_officer"])
@pytest.mark.parametrize("name", ["person_data", "person_remove"])
def test_other_roles_do_not_find_these_pages(client, world, role, name):
    client.force_login(getattr(world, role))
    for person in (world.officer, world.analyst):
        assert client.get(of(name, person)).status_code == 404
        assert client.post(of(name, person)).status_code == 404
    assert not AuditEvent.objects.filter(act="personal data handed out").exists()
    assert User.objects.filter(is_active=False).count() == 0


class TestDeletedData:
    def test_a_digest_s_page_says_so(self, administrator, world):
        create_digests(week=Week.of(london_day(world.now)), at=world.now)
        OutboxEmail.objects.update(state="refused")
        digest = OutboxEmail.objects.get(reader=world.officer).digest
        assert "Resend" in text_of(administrator.get(of("digest", digest)))
        apply_retention(at=world.now + 2 * YEAR)  # which ends sessions, too
        administrator.force_login(world.administrator)
        page = text_of(administrator.get(of("digest", digest)))
        assert "We no longer hold the text of this email" in page
        assert "Resend" not in page
        assert administrator.get(of("digest_html", digest)).status_code == 404
        assert not EmailContent.objects.exclude(text="").exists()

    def test_an_import_s_page_says_so(self, client, world):
        batch = ImportBatch.objects.create(
            uploaded_by=world.analyst,
            uploaded_at=world.now,
            moved_at=world.now,
            name="a.csv",
            sha256="0" * 64,
            state="done",
            rows_total=3,
            results=[],
            content=b"",
        )
        client.force_login(world.analyst)
        page = text_of(client.get(batch.get_absolute_url()))
        assert "We no longer hold the result of each row." in page
        assert "were sent" not in page
