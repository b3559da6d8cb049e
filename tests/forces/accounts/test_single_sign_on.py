"""Single sign-on against a real provider of OpenID Connect, over real HTTP on this machine."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from countylines.environment.single_sign_on import ROLES
from forces.accounts import invitations
from forces.accounts.provider import SingleSignOn
from forces.models import AuditEvent, Role, User
from tests.factories import ForceFactory, InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import has_app, is_in, type_password

pytestmark = [pytest.mark.django_db, pytest.mark.servers]  # the provider is a process of its own
GROUPS = {
    "analysts": "analyst",
    "kent": "liaison_officer:kent",
    "observers": "observer",
}


@dataclass
class Provider:
    """The provider, and what a browser does at its sign-in page."""

    url: str

    def knows(self, sub: str, **claims: object) -> None:
        told = {"email": f"{sub}@example.org", "email_verified": True, "name": sub.title()}
        requests.put(f"{self.url}/users/{sub}", json=told | claims, timeout=10).raise_for_status()

    def confirm(self, address: str, sub: str) -> str:
        """The address that the provider sends the browser back to."""
        answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
        return answer.headers["Location"]


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    """The provider, in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            requests.get(f"{url}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except requests.RequestException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def provider(running: str, settings) -> Provider:
    sign_on = SingleSignOn(
        name="Entra ID",
        server_url=running,
        client_id="tracker",
        client_secret="a secret",
        groups=GROUPS,
        groups_claim="groups",
        assures_second_factor=False,
        trusts_addresses=False,
    )
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = sign_on, sign_on.provider
    InspectionFactory()
    ForceFactory(short_name="Kent")
    return Provider(running)


def sign_on(client: Client, provider: Provider, sub: str, **query: str):
    """Through the provider and back; the answer of our callback."""
    begin = reverse("openid_connect_login", args=["single-sign-on"], query=query)
    away = client.post(begin)
    assert away.status_code == 302, away.text
    back = provider.confirm(away.url, sub)
    return client.get(back.partition("testserver")[2])


def test_a_member_of_a_group_comes_in_with_its_role_and_body(client, provider):
    provider.knows("jo", groups=["kent", "something else"])
    assert sign_on(client, provider, "jo", next="/recommendations/").url == "/recommendations/"
    assert is_in(client)
    person = User.objects.get(email="jo@example.org")
    assert (person.role, person.body.slug) == (Role.LIAISON_OFFICER, "kent")
    assert not person.has_usable_password()
    assert AuditEvent.objects.filter(act="signed in", actor=person).exists()


def test_the_sign_in_page_offers_it(client, provider):
    assert "Sign in with Entra ID" in client.get(reverse("login")).text


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": []},
        {"groups": ["strangers"]},
        {"groups": ["analysts", "kent"]},
        {"groups": ["kent"], "email_verified": False},
        {"groups": ["kent"], "email": ""},
    ],
    ids=["no group", "no group of ours", "two roles", "unconfirmed address", "no address"],
)
def test_who_has_no_role_here_stays_out(client, provider, claims):
    provider.knows("eve", **claims)
    assert sign_on(client, provider, "eve").status_code == 403
    assert not is_in(client)
    assert not User.objects.filter(name="Eve").exists()
    assert AuditEvent.objects.filter(act="single sign-on refused").exists()


def test_the_role_follows_the_groups_at_each_sign_in(client, provider):
    provider.knows("max", groups=["kent"])
    sign_on(client, provider, "max")
    provider.knows("max", groups=["observers"])
    sign_on(Client(), provider, "max")
    person = User.objects.get(email="max@example.org")
    assert (person.role, person.body) == (Role.OBSERVER, None)
    assert not is_in(client)  # the session of the officer is over
    assert AuditEvent.objects.filter(act="role set by single sign-on").count() == 2


def test_who_left_the_groups_stays_out(client, provider):
    provider.knows("ann", groups=["kent"])
    sign_on(client, provider, "ann")
    provider.knows("ann", groups=[])
    assert sign_on(Client(), provider, "ann").status_code == 403


def test_who_left_the_groups_is_signed_out_everywhere(client, provider):
    provider.knows("una", groups=["kent"])
    sign_on(client, provider, "una")
    provider.knows("una", groups=[])
    sign_on(Client(), provider, "una")
    assert not is_in(client)


def test_an_open_invitation_is_no_second_door(client, provider):
    at, desk = timezone.now(), UserFactory(role=Role.ADMINISTRATOR)
    invitation = invitations.invite(
        email="viv@example.org", name="Viv", role=Role.OBSERVER, body=None, by=desk, at=at
    )
    provider.knows("viv", groups=["observers"])
    sign_on(client, provider, "viv")
    invitation.refresh_from_db()
    assert not invitation.is_open(at=at)


def test_the_roles_of_the_settings_are_those_there_are():
    assert set(ROLES) == set(Role.values)


def test_who_was_closed_here_stays_out(client, provider):
    OfficerFactory(email="lee@example.org", is_active=False)
    provider.knows("lee", groups=["kent"])
    assert sign_on(client, provider, "lee").status_code == 403


def test_an_account_that_was_here_is_taken_over_and_loses_its_password(client, provider):
    person = OfficerFactory(email="sam@example.org", body__short_name="Essex")
    provider.knows("sam", groups=["kent"])
    sign_on(client, provider, "sam")
    assert is_in(client)
    other = Client()
    type_password(other, person)
    assert not is_in(other)


def test_another_person_of_the_provider_cannot_take_an_address_over(client, provider):
    provider.knows("kim", groups=["kent"])
    sign_on(client, provider, "kim")
    provider.knows("kim2", groups=["kent"], email="kim@example.org")
    assert sign_on(Client(), provider, "kim2").status_code == 403


class TestSecondFactor:
    def test_an_analyst_without_one_must_set_it_up(self, client, provider):
        provider.knows("ida", groups=["analysts"])
        sign_on(client, provider, "ida")
        assert client.get("/heatmap/").url.startswith(reverse("mfa_index"))

    def test_the_provider_s_counts(self, client, provider):
        provider.knows("uma", groups=["analysts"], amr=["pwd", "mfa"])
        sign_on(client, provider, "uma")
        assert client.get("/heatmap/").status_code == 200

    def test_so_does_its_rule_that_all_have_one(self, client, provider, settings):
        settings.OIDC = replace(settings.OIDC, assures_second_factor=True)
        provider.knows("eva", groups=["analysts"])
        sign_on(client, provider, "eva")
        assert client.get("/heatmap/").status_code == 200

    def test_one_s_own_is_asked_for_all_the_same(self, client, provider):
        has_app(UserFactory(email="zoe@example.org", has_second_factor=False))
        provider.knows("zoe", groups=["analysts"])
        assert sign_on(client, provider, "zoe").url == reverse("mfa_authenticate")
        assert not is_in(client)


class TestAttacks:
    def test_a_callback_that_nobody_began_opens_nothing(self, client, provider):
        callback = reverse("openid_connect_callback", args=["single-sign-on"])
        answer = client.get(f"{callback}?code=anything&state=anything")
        assert answer.status_code == 403
        assert not is_in(client)

    def test_another_browser_s_callback_opens_nothing(self, client, provider):
        """A stranger's sign-in is not slipped into somebody's browser."""
        provider.knows("tom", groups=["kent"])
        away = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
        back = provider.confirm(away.url, "tom").partition("testserver")[2]
        victim = Client()
        assert victim.get(back).status_code == 403
        assert not is_in(victim)

    def test_a_used_callback_opens_nothing(self, client, provider):
        provider.knows("pat", groups=["kent"])
        away = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
        back = provider.confirm(away.url, "pat").partition("testserver")[2]
        client.get(back)
        client.post(reverse("logout"))
        client.get(back)
        assert not is_in(client)

    def test_it_connects_nothing_to_an_account_that_is_signed_in(self, client, provider):
        officer = OfficerFactory(email="ned@example.org")
        type_password(client, officer)
        provider.knows("ned", groups=["kent"])
        assert sign_on(client, provider, "ned", process="connect").status_code == 403
        officer.refresh_from_db()
        assert officer.has_usable_password()

    def test_a_link_to_another_site_is_not_followed(self, client, provider):
        provider.knows("gus", groups=["kent"])
        answer = sign_on(client, provider, "gus", next="https://elsewhere.example.com/")
        assert "elsewhere" not in answer.url


def test_without_settings_the_address_does_not_exist(client, db):
    InspectionFactory()
    assert client.post(reverse("openid_connect_login", args=["single-sign-on"])).status_code == 404


def test_a_provider_that_is_away_is_told(client, provider, settings):
    away = replace(settings.OIDC, server_url="http://127.0.0.1:1")
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = away, away.provider
    answer = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
    assert answer.status_code == 403
    assert "We could not sign you in" in answer.text
