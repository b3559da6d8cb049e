"""What the pages of accounts say, and to whom."""

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse

from forces.accounts.passkey_forms import NOT_ONE
from forces.models import Role
from tests.factories import InspectionFactory, UserFactory
from tests.forces.accounts.factors import has_app, type_code, type_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db):
    InspectionFactory()
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def desk(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def title_of(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").title.text


class TestTitles:
    @pytest.mark.parametrize("name", ["person_invite", "my_digests"])
    def test_say_once_that_there_is_an_error(self, desk, name):
        answer = desk.post(reverse(name), {"email": "x", "weekly": "x"})
        assert title_of(answer).count("Error: ") == 1

    def test_leave_saying_so_of_a_form_to_the_frame(self):
        pages = (settings.BASE_DIR / "templates").rglob("*.html")
        titles = {page.name: re.search(r"block title %}(.*)", page.read_text()) for page in pages}
        own = {name for name, found in titles.items() if found and "if form.errors" in found[1]}
        assert own <= {"base.html"}

    def test_of_the_code_page_is_its_heading(self, client):
        InspectionFactory()
        has_app(person := UserFactory(has_second_factor=False))
        type_password(client, person)
        answer = client.get(reverse("mfa_authenticate"))
        heading = BeautifulSoup(answer.content, "html.parser").h1.text
        assert title_of(answer).startswith(f"{heading} - ")
        assert title_of(type_code(client, "000000")).startswith(f"Error: {heading} - ")


class TestComingIn:
    @pytest.mark.parametrize("has_password", [True, False], ids=["password", "single sign-on"])
    def test_leads_to_the_removal_of_a_lost_factor_however_somebody_comes_in(
        self, desk, has_password
    ):
        has_app(person := UserFactory(has_second_factor=False))
        if not has_password:
            person.set_unusable_password()
        person.save()
        page = desk.get(reverse("person", args=[person.pk])).text
        assert reverse("person_factors", args=[person.pk]) in page
        assert "Has no second factor" not in page


class TestPasskeys:
    def test_one_that_is_refused_at_the_sign_in_is_told(self, client):
        InspectionFactory()
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}, follow=True)
        assert "The passkey was not accepted. Try again, or use your password." in answer.text

    def test_one_that_is_refused_after_the_password_is_told(self, client):
        InspectionFactory()
        has_app(person := UserFactory(has_second_factor=False))
        type_password(client, person)
        answer = client.post(reverse("mfa_authenticate"), {"credential": "{}"})
        summary = BeautifulSoup(answer.content, "html.parser").select_one(".govuk-error-summary")
        assert NOT_ONE in summary.text
        assert title_of(answer).count("Error: ") == 1

    def test_none_is_asked_of_whoever_has_none(self, client):
        InspectionFactory()
        has_app(person := UserFactory(has_second_factor=False))
        type_password(client, person)
        assert "Use a passkey" not in client.get(reverse("mfa_authenticate")).text
