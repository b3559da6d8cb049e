"""A second factor is asked of whoever has one, and required of analysts and administrators."""

import threading
import time

import pytest
from allauth.mfa.internal.flows.trust import (
    IssuedTrust,
    create_config_fingerprint,
    encode_trust_cookie,
)
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from forces.models import AuditEvent, Role
from tests.factories import PASSWORD, InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import (
    code_of,
    factors_of,
    has_app,
    is_in,
    recovery_codes,
    shown_secret,
    type_code,
    type_password,
)
from tests.recommendations.api.conftest import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(db):
    """With a password, and no second factor yet."""
    InspectionFactory()
    return UserFactory(has_second_factor=False)


class TestWithout:
    def test_an_analyst_is_led_to_set_one_up_and_sees_nothing_else(self, client, analyst):
        type_password(client, analyst)
        for path in ("/", "/heatmap/", "/forces/", "/reviews/", "/search/?q=x", "/audit/"):
            answer = client.get(path)
            assert answer.url == reverse("mfa_index"), path
        assert "Your role needs a second factor" in client.get(reverse("mfa_index")).text

    def test_an_officer_goes_on_and_may_add_one(self, client):
        InspectionFactory()
        officer = OfficerFactory()
        assert type_password(client, officer).url == "/"
        assert client.get("/heatmap/").status_code == 200
        assert client.get(reverse("mfa_index")).status_code == 200

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
    def test_posts_are_refused_too(self, client, role):
        InspectionFactory()
        client.force_login(UserFactory(role=role, has_second_factor=False))
        answer = client.post("/digests/mine/", {"weekly": "never"})
        assert answer.url == reverse("mfa_index")

    def test_an_api_token_is_no_way_round(self, client, analyst):
        secret = token_of(analyst)
        answer = client.get("/api/v1/bodies", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 401

    def test_the_admin_is_no_way_round(self, client):
        client.force_login(UserFactory(role=Role.ADMINISTRATOR, has_second_factor=False))
        assert client.get(reverse("admin:index")).url == reverse("mfa_index")


class TestSettingUp:
    def test_an_app_is_set_up_and_opens_the_service(self, client, analyst):
        type_password(client, analyst)
        page = client.get(reverse("mfa_activate_totp")).text
        code = code_of(shown_secret(page))
        answer = client.post(reverse("mfa_activate_totp"), {"code": code})
        assert answer.url == reverse("mfa_view_recovery_codes")
        shown = client.get(answer.url).text
        assert shown.count('<code class="app-code">') == 10
        assert client.get("/heatmap/").status_code == 200
        again = client.get(answer.url).text
        assert '<code class="app-code">' not in again
        analyst.refresh_from_db()
        assert analyst.has_second_factor
        assert AuditEvent.objects.filter(act="second factor changed").exists()

    def test_a_wrong_code_sets_up_nothing(self, client, analyst):
        type_password(client, analyst)
        client.get(reverse("mfa_activate_totp"))
        answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
        assert "Enter the 6 figures that the app shows now" in answer.text
        assert factors_of(analyst) == set()

    def test_sessions_elsewhere_end(self, client, analyst):
        elsewhere = Client()
        type_password(elsewhere, analyst)
        type_password(client, analyst)
        page = client.get(reverse("mfa_activate_totp")).text
        client.post(reverse("mfa_activate_totp"), {"code": code_of(shown_secret(page))})
        assert is_in(client)
        assert not is_in(elsewhere)

    def test_removing_it_asks_who_one_is_and_closes_the_service(self, client, analyst):
        has_app(analyst)
        type_password(client, analyst)
        type_code(client, code_of())
        remove = reverse("mfa_deactivate_totp")
        assert client.post(remove).url.startswith(reverse("account_reauthenticate"))
        again = reverse("account_reauthenticate", query={"next": remove})
        client.post(again, {"password": "a wrong password"})
        assert factors_of(analyst) == {"totp"}
        client.post(again, {"password": PASSWORD})
        client.post(remove)
        assert factors_of(analyst) == set()
        assert client.get("/heatmap/").url.startswith(reverse("mfa_index"))

    def test_the_secret_does_not_lie_open_in_the_database(self, analyst):
        has_app(analyst)
        with connection.cursor() as cursor:
            cursor.execute("SELECT data::text FROM mfa_authenticator")
            assert "JBSWY3DPEHPK3PXP" not in cursor.fetchone()[0]


class TestSigningIn:
    def test_the_password_alone_opens_nothing(self, client, analyst):
        has_app(analyst)
        assert type_password(client, analyst).url == reverse("mfa_authenticate")
        assert not is_in(client)
        for path in ("/", "/heatmap/", reverse("mfa_index"), reverse("mfa_activate_totp")):
            assert client.get(path).url.startswith(reverse("login")), path

    def test_the_code_leads_where_one_wanted(self, client, analyst):
        has_app(analyst)
        type_password(client, analyst, next="/recommendations/")
        assert type_code(client, code_of()).url == "/recommendations/"
        assert is_in(client)
        assert AuditEvent.objects.get(act="signed in").details["by"] == ["password", "totp"]

    def test_a_code_works_once_even_in_another_browser(self, client, analyst):
        has_app(analyst)
        code = code_of()
        for browser, comes_in in ((client, True), (Client(), False)):
            type_password(browser, analyst)
            type_code(browser, code)
            assert is_in(browser) is comes_in

    def test_a_code_that_is_too_old_is_refused(self, client, analyst):
        has_app(analyst)
        type_password(client, analyst)
        answer = type_code(client, code_of(at=time.time() - 120))
        assert "Enter the code that the app shows now" in answer.text
        assert not is_in(client)

    def test_guessing_codes_is_slowed_down(self, client, analyst):
        has_app(analyst)
        type_password(client, analyst)
        for _ in range(5):
            type_code(client, "000000")
        assert "There were too many tries" in type_code(client, code_of()).text
        assert not is_in(client)

    def test_the_address_of_the_code_page_opens_nothing_by_itself(self, client, analyst):
        has_app(analyst)
        assert client.get(reverse("mfa_authenticate")).url.startswith(reverse("login"))
        assert type_code(client, code_of()).url.startswith(reverse("login"))
        assert not is_in(client)

    def test_another_person_s_code_opens_nothing(self, client, analyst):
        has_app(analyst)
        has_app(other := UserFactory())
        type_password(client, analyst)
        other_code = recovery_codes(other)[0]
        type_code(client, other_code)
        assert not is_in(client)

    def test_no_remembered_device_spares_the_code(self, client, analyst):
        """Neither the device that we know, nor the trust that allauth could give."""
        has_app(analyst)
        type_password(client, analyst)
        type_code(client, code_of())
        client.post(reverse("logout"))
        assert "device" in client.cookies
        trust = IssuedTrust(fingerprint=create_config_fingerprint(analyst), at=int(time.time()))
        client.cookies["mfa_trusted"] = encode_trust_cookie([trust])
        assert type_password(client, analyst).url == reverse("mfa_authenticate")
        assert not is_in(client)

    def test_signing_in_gives_the_session_a_new_key(self, client, analyst):
        has_app(analyst)
        client.get(reverse("login"))
        type_password(client, analyst)
        before = client.session.session_key
        type_code(client, code_of())
        assert client.session.session_key != before


class TestRecoveryCodes:
    def test_one_lets_in_once(self, client, analyst):
        has_app(analyst)
        code = recovery_codes(analyst)[0]
        for browser, comes_in in ((client, True), (Client(), False)):
            type_password(browser, analyst)
            type_code(browser, code)
            assert is_in(browser) is comes_in


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_last_recovery_code_at_once_one_comes_in():
    InspectionFactory()
    analyst = UserFactory(has_second_factor=False)
    has_app(analyst)
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
    assert sum(is_in(browser) for browser in browsers) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_factors_removed_at_once_none_is_thought_to_be_left():
    analyst = UserFactory(has_second_factor=False)
    has_app(analyst)
    data = {"name": "Key", "credential": {}}
    Authenticator.objects.create(user=analyst, type=Authenticator.Type.WEBAUTHN, data=data)
    start = threading.Barrier(2)

    def remove(kind: str) -> None:
        with transaction.atomic():
            rows = Authenticator.objects.filter(user=analyst, type=kind)
            start.wait()
            rows._raw_delete(rows.db)
            time.sleep(0.2)
        connection.close()

    threads = [threading.Thread(target=remove, args=[kind]) for kind in ("totp", "webauthn")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    analyst.refresh_from_db()
    assert not analyst.has_second_factor
