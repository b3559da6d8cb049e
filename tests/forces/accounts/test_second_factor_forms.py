"""Authenticator apps and recovery codes."""

import threading
import time

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import reverse

from forces.models import AuditEvent
from tests.factories import InspectionFactory, UserFactory
from tests.forces.accounts.factors import (
    current_code,
    factors_of,
    is_signed_in,
    recovery_codes,
    set_up_app,
    shown_secret,
    title_of,
    type_code,
    type_password,
)

pytestmark = pytest.mark.django_db


def test_setting_up_an_app_shows_recovery_codes_once(client, analyst):
    type_password(client, analyst)
    page = client.get(reverse("mfa_activate_totp")).text
    client.get(reverse("mfa_activate_totp"))  # in a second tab
    code = current_code(shown_secret(page))
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response.url == reverse("mfa_view_recovery_codes")
    shown = client.get(response.url).text
    assert shown.count('<code class="app-code">') == 10
    assert client.get("/heatmap/").status_code == 200
    again = client.get(response.url).text
    assert '<code class="app-code">' not in again
    analyst.refresh_from_db()
    assert analyst.has_second_factor
    assert AuditEvent.objects.filter(act="second factor changed").exists()


def test_a_wrong_code_does_not_set_up_the_app(client, analyst):
    type_password(client, analyst)
    client.get(reverse("mfa_activate_totp"))
    response = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Enter the 6-digit code that your app shows now" in response.text
    assert factors_of(analyst) == set()


def test_the_code_that_set_up_the_app_does_not_sign_in(client):
    from tests.forces.accounts.factors import current_code, shown_secret

    InspectionFactory()
    analyst = UserFactory(has_second_factor=False)
    type_password(client, analyst)
    code = current_code(shown_secret(client.get(reverse("mfa_activate_totp")).text))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    other = Client()
    type_password(other, analyst)
    type_code(other, code)
    assert not is_signed_in(other)


def test_a_code_works_once_in_all_browsers(client, analyst):
    set_up_app(analyst)
    code = current_code()
    for browser, is_accepted in ((client, True), (Client(), False)):
        type_password(browser, analyst)
        type_code(browser, code)
        assert is_signed_in(browser) is is_accepted


def test_an_old_code_is_refused(client, analyst):
    set_up_app(analyst)
    type_password(client, analyst)
    response = type_code(client, current_code(at=time.time() - 120))
    assert "Enter the 6-digit code that your app shows now" in response.text
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(client, analyst):
    set_up_app(analyst)
    code = recovery_codes(analyst)[0]
    for browser, is_accepted in ((client, True), (Client(), False)):
        type_password(browser, analyst)
        type_code(browser, code)
        assert is_signed_in(browser) is is_accepted


@pytest.mark.django_db(transaction=True)
def test_the_last_recovery_code_works_once_when_used_simultaneously():
    InspectionFactory()
    analyst = UserFactory(has_second_factor=False)
    set_up_app(analyst)
    codes = recovery_codes(analyst)
    for code in codes[:-1]:
        browser = Client()
        type_password(browser, analyst)
        type_code(browser, code)
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        type_password(browser, analyst)
    start = threading.Barrier(len(browsers))

    def use(browser: Client) -> None:
        start.wait()
        type_code(browser, codes[-1])
        connection.close()

    threads = [threading.Thread(target=use, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(is_signed_in(browser) for browser in browsers) == 1


def test_the_title_of_the_code_page_is_its_heading(client):
    InspectionFactory()
    set_up_app(person := UserFactory(has_second_factor=False))
    type_password(client, person)
    response = client.get(reverse("mfa_authenticate"))
    heading = BeautifulSoup(response.content, "html.parser").h1.text
    assert title_of(response).startswith(f"{heading} - ")
    assert title_of(type_code(client, "000000")).startswith(f"Error: {heading} - ")
