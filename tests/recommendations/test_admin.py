"""Administrators correct texts and dates, with a history; submitted data are read-only."""

from datetime import date

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.accounts import emails
from forces.models import AuditEvent, Role, User
from tests.factories import PASSWORD, AssignmentFactory, ForceFactory, UserFactory


@pytest.fixture
def editor(world, client):
    client.force_login(world.administrator)
    return client


def address(thing, page="change") -> str:
    return reverse(
        f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{page}", args=[thing.pk]
    )


def fields(recommendation, **changes) -> dict:
    values = {name: getattr(recommendation, name) for name in ("title", "theme", "due_on")}
    return values | {"reason": ""} | changes


@pytest.mark.django_db
class TestTheRegister:
    def test_a_text_is_corrected_and_its_history_shows_old_and_new(self, editor, world):
        recommendation = world.recommendations[0]
        old = recommendation.title
        saved = editor.post(address(recommendation), fields(recommendation, title="New words"))
        assert saved.status_code == 302
        recommendation.refresh_from_db()
        assert recommendation.title == "New words"
        history = editor.get(address(recommendation, "history")).content.decode()
        assert old in history
        assert "New words" in history
        assert "Ada Min" in history

    def test_a_due_date_changes_with_a_reason_and_the_original_stays(self, editor, world):
        recommendation = world.recommendations[0]
        changed = fields(recommendation, due_on="2030-01-31", reason="The report was late.")
        editor.post(address(recommendation), changed)
        essex = world.assignment("Essex", 1)
        assert essex.due_on == date(2030, 1, 31)
        assert essex.original_due_on != essex.due_on
        assert essex.due_date_changes.get().reason == "The report was late."
        done = world.assignment("Kent", 1)
        assert done.due_on == done.original_due_on  # what is implemented keeps its date

    def test_a_due_date_does_not_change_without_a_reason(self, editor, world):
        recommendation = world.recommendations[0]
        page = editor.post(address(recommendation), fields(recommendation, due_on="2030-01-31"))
        assert "Enter a reason for the new due date." in page.content.decode()
        assert not world.assignment("Essex", 1).due_date_changes.exists()

    @pytest.mark.parametrize("year", [1999, 9999])
    def test_a_due_date_in_an_implausible_year_is_an_error(self, editor, world, year):
        recommendation = world.recommendations[0]
        path = reverse("admin:recommendations_recommendation_change", args=[recommendation.pk])
        page = editor.get(path)
        form = page.context["adminform"].form
        typed = {name: form[name].value() or "" for name in form.fields}
        typed |= {"due_on": f"31/12/{year}", "reason": "Typo."}
        assert "must be between 2000 and 2100" in editor.post(path, typed).content.decode()

    def test_the_due_date_of_one_assignment_changes_through_the_action(self, editor, world):
        essex = world.assignment("Essex", 3)
        editor.post(address(essex), {"new_due_on": "2030-02-01", "reason": "Agreed."})
        assert world.assignment("Essex", 3).due_on == date(2030, 2, 1)
        assert AuditEvent.objects.filter(act="due date changed").exists()

    def test_a_correction_outdates_the_snapshots(self, editor, world):
        before = world.inspection.revision
        recommendation = world.recommendations[0]
        editor.post(address(recommendation), fields(recommendation, title="New words"))
        world.inspection.refresh_from_db()
        assert world.inspection.revision == before + 1

    def test_a_new_name_of_an_organisation_outdates_the_snapshots(self, editor, world):
        before = world.inspection.revision
        kent = world.forces["Kent"]
        kent.short_name = "Kent and Medway"
        kent.save()
        world.inspection.refresh_from_db()
        assert world.inspection.revision == before + 1


def person_fields(person: User) -> dict:
    """Return the current fields of the form of a person."""
    data = {"email": person.email, "name": person.name, "role": person.role}
    return data | {"body": person.body_id or "", "is_active": "on"}


@pytest.mark.django_db
class TestPeople:
    def test_people_are_invited_and_not_added_here(self, editor):
        new = {"email": "new@example.org", "name": "New Comer", "role": Role.ANALYST, "body": ""}
        assert editor.post("/register-office/forces/user/add/", new).status_code in {
            403,
            404,
        }
        assert not User.objects.filter(email="new@example.org").exists()

    def test_passwords_of_others_cannot_be_set_here(self, editor, world):
        path = f"/register-office/forces/user/{world.officer.pk}/password/"
        secret = "an entirely new secret"
        editor.post(path, {"password1": secret, "password2": secret, "usable_password": "true"})
        editor.post(address(world.officer), person_fields(world.officer) | {"password": secret})
        world.officer.refresh_from_db()
        assert not world.officer.check_password(secret)

    def test_no_name_and_no_address_of_a_person_is_written_to_the_audit_trail(self, editor, world):
        """The audit trail cannot be changed when the person is removed."""
        changed = {"email": "newer@example.org", "name": "Newer Comer", "role": Role.CHIEF_OFFICER}
        editor.post(address(world.officer), person_fields(world.officer) | changed)
        world.officer.refresh_from_db()
        assert world.officer.name == "Newer Comer"
        changes = AuditEvent.objects.get(act="person changed").details["changes"]
        assert changes["email"] == changes["name"] == {"to": "changed"}
        assert changes["role"]["to"] == Role.CHIEF_OFFICER

    def test_a_liaison_officer_without_an_organisation_is_an_error(self, editor, world):
        fields = person_fields(world.officer) | {"body": ""}
        page = editor.post(address(world.officer), fields).content.decode()
        assert (
            "Officers, second reviewers and readers of local policing bodies need an organisation"
            in page
        )

    def test_the_last_administrator_cannot_be_demoted(self, editor, world):
        fields = person_fields(world.administrator) | {"role": Role.OBSERVER}
        page = editor.post(address(world.administrator), fields).content.decode()
        assert "This is the last administrator" in page
        world.administrator.refresh_from_db()
        assert world.administrator.role == Role.ADMINISTRATOR

    def test_a_reactivated_person_must_sign_in_again(self, editor, world):
        client = Client()
        client.force_login(world.officer)
        for active in ("", "on"):
            editor.post(
                address(world.officer), person_fields(world.officer) | {"is_active": active}
            )
        assert client.get(reverse("sessions")).status_code == 302

    def test_a_new_address_is_announced_to_the_old_one(self, editor, world):
        before = world.officer.email
        editor.post(
            address(world.officer), person_fields(world.officer) | {"email": "n@example.org"}
        )
        emails.send_queued(at=timezone.now())
        assert [message.to for message in mail.outbox] == [[before]]

    def test_second_factors_and_sessions_cannot_be_edited(self, editor):
        page = editor.get(reverse("admin:index")).content.decode()
        for name in ("authenticator", "usersession", "socialaccount", "emailaddress"):
            assert name not in page.lower()


@pytest.mark.django_db
class TestTheAdmin:
    def test_every_list_opens_in_a_constant_number_of_queries(self, editor, world):
        for model in admin.site._registry:
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            assert editor.get(path).status_code == 200, path

    def test_the_assignments_list_has_no_query_for_every_row(
        self, editor, world, django_assert_max_num_queries
    ):
        for _ in range(20):
            AssignmentFactory(recommendation=world.recommendations[0], body=ForceFactory())
        with django_assert_max_num_queries(14):
            editor.get(reverse("admin:recommendations_assignment_changelist"))

    def test_nothing_can_be_deleted(self, editor, world):
        for thing in (world.recommendations[0], world.officer, world.assignment("Kent", 1)):
            assert editor.get(address(thing, "delete")).status_code in {403, 404}

    def test_submitted_data_are_read_only(self, editor, world):
        update = world.assignment("Essex", 1).latest_update
        page = editor.get(address(update))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()

    def test_the_admin_has_no_sign_in_page_without_a_second_factor(self, client, world):
        fields = {"username": world.administrator.email, "password": PASSWORD}
        client.post(reverse("admin:login"), fields)
        assert "_auth_user_id" not in client.session
        answer = client.get(reverse("admin:index"), follow=True)
        assert answer.redirect_chain[-1][0] == f"{reverse('login')}?next={reverse('admin:index')}"

    def test_only_administrators_have_access(self, client, world):
        for person in (UserFactory(), world.officer, world.observer):
            client.force_login(person)
            assert client.get(reverse("admin:index")).status_code == 404
