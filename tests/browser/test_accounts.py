"""Passkeys, invitations, and the warning before a session ends, in a browser."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.utils import timezone

from forces.accounts import emails, invitations
from forces.models import Role
from recommendations.models import Inspection, Review
from tests.browser.page_faults import page_faults
from tests.factories import (
    PASSWORD,
    AssignmentFactory,
    InspectionFactory,
    OfficerFactory,
    RecommendationFactory,
    UserFactory,
    claim,
)
from tests.forces.accounts.factors import current_code, recovery_codes, set_up_app

NEW_PASSWORD = "violet otters juggle lanterns"


@pytest.fixture(autouse=True)
def _inspection(db):
    InspectionFactory(is_synthetic=True)


@pytest.fixture(autouse=True)
def _base_url(live_server, settings):
    settings.BASE_URL = live_server.url


def sign_in(tab, user, password=PASSWORD) -> None:
    tab.open("/accounts/sign-in/")
    tab.fill_in("Email address", user.email)
    tab.page.get_by_label("Password", exact=True).fill(password)
    tab.page.get_by_role("button", name="Sign in", exact=True).click()


def add_authenticator(tab) -> None:
    """Add a virtual device that stores passkeys and confirms every use."""
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_an_analyst_adds_a_passkey_and_signs_in_with_it_alone(open_tab):
    analyst = UserFactory(has_second_factor=False)
    tab = open_tab()
    add_authenticator(tab)
    sign_in(tab, analyst)
    tab.page.wait_for_url("**/second-factor/**")
    tab.open("/accounts/second-factor/webauthn/add/")
    tab.fill_in("Name", "Work laptop")
    tab.page.get_by_label(re.compile("alone")).check()
    tab.press("Add passkey")
    tab.page.wait_for_url("**/recovery-codes/")
    tab.sign_out()
    tab.open("/accounts/sign-in/?next=/heatmap/")
    tab.press("Use a passkey")
    tab.page.wait_for_url("**/heatmap/")


def test_a_passkey_is_the_second_factor_after_the_password(open_tab):
    officer = OfficerFactory()
    tab = open_tab()
    add_authenticator(tab)
    sign_in(tab, officer)
    tab.open("/accounts/second-factor/webauthn/add/")
    tab.press("Add passkey")
    tab.page.wait_for_url("**/recovery-codes/")
    tab.sign_out()
    sign_in(tab, officer)
    tab.page.wait_for_url("**/authenticate/")
    tab.press("Use a passkey")
    tab.page.wait_for_url(re.compile("/forces/"))


def test_a_message_says_that_no_passkey_was_used(open_tab):
    tab = open_tab()
    add_authenticator(tab)  # without a passkey
    tab.open("/accounts/sign-in/")
    tab.press("Use a passkey")
    message = tab.page.get_by_role("alert").filter(has_text="The passkey was not used.")
    message.wait_for()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_invited_person_chooses_a_password_and_is_signed_in(open_tab, javascript):
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    at = timezone.now()
    invitations.invite(
        email="jo@example.org", name="Jo", role="observer", body=None, by=administrator, at=at
    )
    emails.send_queued(at=at)
    link = re.search(r"https?://\S+/accounts/invitation/\S+", mail.outbox[-1].body).group(0)
    tab = open_tab(javascript=javascript)
    tab.page.goto(link)
    for label in ("New password", "New password again"):
        tab.page.get_by_label(label, exact=True).fill(NEW_PASSWORD)
    tab.press("Save password and sign in")
    tab.page.wait_for_url(f"{tab.base_url}/")
    assert tab.page.locator(".app-menu__name", has_text="Jo").is_visible()


def session_of(tab) -> SessionStore:
    cookies = {cookie["name"]: cookie["value"] for cookie in tab.page.context.cookies()}
    return SessionStore(cookies["sessionid"])


def set_idle_time(tab, *, minutes: int) -> None:
    """Make the session look as if its last request was so many minutes ago."""
    session = session_of(tab)
    session["seen_at"] = int(time.time()) - minutes * 60
    session.save()


def test_a_warning_offers_to_extend_the_session_before_it_ends(open_tab):
    officer = OfficerFactory()
    tab = open_tab()
    tab.install_clock()
    sign_in(tab, officer)
    tab.page.wait_for_url(re.compile("/forces/"))
    set_idle_time(tab, minutes=28)
    tab.page.clock.run_for(61_000)
    dialog = tab.page.get_by_role("dialog")
    dialog.wait_for()
    assert "You will be signed out in 2 minutes" in dialog.inner_text()
    dialog.get_by_role("button", name="Stay signed in").click()
    dialog.wait_for(state="hidden")
    assert time.time() - session_of(tab)["seen_at"] < 60


@pytest.fixture
def analyst(db):
    return UserFactory()


@pytest.fixture
def writing(open_tab, analyst):
    """Open a tab and type a reason for returning a claim."""
    recommendation = RecommendationFactory(inspection=Inspection.objects.get())
    assignment = AssignmentFactory(recommendation=recommendation)
    update = claim(assignment, at=timezone.now() - timedelta(days=1))
    tab = open_tab(analyst)
    tab.install_clock()
    tab.open(f"/reviews/{update.pk}/")
    tab.page.get_by_label("Return").check()
    tab.page.locator("#id_reason").fill(NEW_PASSWORD)
    return tab


def test_what_was_typed_when_the_session_ended_is_restored_after_signing_in(writing, analyst):
    set_idle_time(writing, minutes=31)
    writing.page.clock.run_for(61_000)
    writing.page.get_by_text("We have saved what you typed").wait_for()
    writing.fill_in("Email address", analyst.email)
    writing.page.get_by_label("Password", exact=True).fill(PASSWORD)
    writing.page.get_by_role("button", name="Sign in", exact=True).click()
    writing.page.wait_for_url("**/reviews/**")
    assert writing.page.locator("#id_reason").input_value() == NEW_PASSWORD
    assert not Review.objects.exists()
    writing.faults = [fault for fault in writing.faults if "status of 403" not in fault]


def test_the_session_continues_if_the_service_does_not_respond(writing):
    writing.page.route("**/sessions/left/", lambda route: route.fulfill(status=503))
    for seconds in (61, 16):  # the script tries again
        with writing.page.expect_response("**/sessions/left/"):
            writing.page.clock.run_for(seconds * 1000)
    assert writing.page.locator("#id_reason").input_value() == NEW_PASSWORD
    writing.faults = [fault for fault in writing.faults if "status of 503" not in fault]


def test_the_pages_of_users_with_a_second_factor_are_accessible_and_reflow(open_tab):
    user = UserFactory(has_second_factor=False)
    set_up_app(user)
    recovery_codes(user)
    tab = open_tab()
    add_authenticator(tab)
    sign_in(tab, user)
    tab.page.wait_for_url("**/authenticate/")
    faults = page_faults(tab, "/accounts/second-factor/authenticate/")
    tab.fill_in("Code", current_code())
    tab.press("Continue")
    tab.page.wait_for_url(f"{tab.base_url}/")
    faults += page_faults(tab, "/accounts/second-factor/reauthenticate/?next=/heatmap/")
    tab.open("/accounts/second-factor/webauthn/add/")
    tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.press("Continue")
    tab.press("Add passkey")
    tab.page.wait_for_url("**/second-factor/")
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    faults += [
        fault
        for page in (
            "",
            "totp/deactivate/",
            "recovery-codes/",
            "recovery-codes/generate/",
            "webauthn/",
            "webauthn/reauthenticate/?next=/heatmap/",
            f"webauthn/keys/{key}/edit/",
            f"webauthn/keys/{key}/remove/",
        )
        for fault in page_faults(tab, f"/accounts/second-factor/{page}")
    ]
    assert not faults, "\n".join(faults)
