"""Single sign-on with a real OpenID Connect provider, in its own process on this machine."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import requests
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.accounts import invitations
from forces.accounts.memberships import add_membership
from forces.accounts.provider import ROLES, SingleSignOn
from forces.accounts.single_sign_on import people_without_listed_groups
from forces.models import AuditEvent, Role, User
from tests.factories import (
    ForceFactory,
    InspectionFactory,
    LocalPolicingBodyFactory,
    OfficerFactory,
    UserFactory,
)
from tests.forces.accounts.factors import is_signed_in, set_up_app, type_password
from tests.ports import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.servers]  # the provider is another process
GROUPS = {
    "analysts": "analyst",
    "kent": "liaison_officer:kent",
    "observers": "observer",
    "essex": "liaison_officer:essex",
    "kent chiefs": "chief_officer:kent",
    "commissioner": "local_policing_body:kent-pcc",
    "wrong": "local_policing_body:kent",
}


@dataclass
class Provider:
    """The provider, and its sign-in page as a browser uses it."""

    url: str

    def add_user(self, sub: str, **claims: object) -> None:
        defaults = {"email": f"{sub}@example.org", "email_verified": True, "name": sub.title()}
        requests.put(
            f"{self.url}/users/{sub}", json=defaults | claims, timeout=10
        ).raise_for_status()

    def confirm(self, address: str, sub: str) -> str:
        """The address that the provider redirects to after a sign-in as this user."""
        response = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
        return response.headers["Location"]


@pytest.fixture(scope="module")
def provider_url() -> Iterator[str]:
    """The URL of a running provider."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        wait_until_ready(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def wait_until_ready(url: str) -> None:
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
def provider(provider_url: str, settings) -> Provider:
    sign_on = SingleSignOn(
        name="Entra ID",
        server_url=provider_url,
        client_id="tracker",
        client_secret="a secret",
        groups=GROUPS,
        groups_claim="groups",
        address_claim="email",
        assures_second_factor=False,
        trusts_addresses=False,
    )
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = sign_on, sign_on.provider
    InspectionFactory()
    LocalPolicingBodyFactory(force__short_name="Kent")
    return Provider(provider_url)


def sign_on(client: Client, provider: Provider, sub: str, **query: str):
    """Sign in at the provider; the response of our callback."""
    begin = reverse("openid_connect_login", args=["single-sign-on"], query=query)
    away = client.post(begin)
    assert away.status_code == 302, away.text
    back = provider.confirm(away.url, sub)
    return client.get(back.partition("testserver")[2])


@pytest.mark.parametrize(
    ("group", "role", "slug"),
    [
        ("kent", Role.LIAISON_OFFICER, "kent"),
        ("commissioner", Role.LOCAL_POLICING_BODY, "kent-pcc"),
    ],
)
def test_a_member_of_a_group_gets_its_role_and_organisation(client, provider, group, role, slug):
    provider.add_user("jo", groups=[group, "something else"])
    assert sign_on(client, provider, "jo", next="/recommendations/").url == "/recommendations/"
    assert is_signed_in(client)
    person = User.objects.get(email="jo@example.org")
    assert (person.role, person.body.slug) == (role, slug)
    assert not person.has_usable_password()
    assert AuditEvent.objects.filter(act="signed in", actor=person).exists()


def test_the_sign_in_page_has_a_button_for_it(client, provider):
    assert "Sign in with Entra ID" in client.get(reverse("login")).text


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": []},
        {"groups": ["strangers"]},
        {"groups": ["kent chiefs", "kent"]},
        {"groups": ["wrong"]},
        {"groups": ["kent"], "email_verified": False},
        {"groups": ["kent"], "email": ""},
    ],
    ids=[
        "no group",
        "no group of ours",
        "two roles",
        "a force",
        "unconfirmed address",
        "no address",
    ],
)
def test_a_person_without_one_role_here_is_denied(client, provider, claims):
    provider.add_user("eve", **claims)
    assert sign_on(client, provider, "eve").status_code == 403
    assert not is_signed_in(client)
    assert not User.objects.filter(name="Eve").exists()
    assert AuditEvent.objects.filter(act="single sign-on refused").exists()


def test_the_role_follows_the_groups_at_each_sign_in(client, provider):
    provider.add_user("max", groups=["kent"])
    sign_on(client, provider, "max")
    provider.add_user("max", groups=["observers"])
    sign_on(Client(), provider, "max")
    person = User.objects.get(email="max@example.org")
    assert (person.role, person.body) == (Role.OBSERVER, None)
    assert not is_signed_in(client)
    assert AuditEvent.objects.filter(act="role set by single sign-on").count() == 2


def test_several_groups_give_several_memberships_and_a_lost_one_ends_only_its_own(client, provider):
    ForceFactory(short_name="Essex")
    provider.add_user("pat", groups=["kent", "essex"])
    sign_on(client, provider, "pat")
    person = User.objects.get(email="pat@example.org")

    def bodies():
        return sorted(row.body.slug for row in person.memberships.open())

    assert bodies() == ["essex", "kent"]
    surrey = ForceFactory(short_name="Surrey")
    add_membership(
        person=person,
        body=surrey,
        role=Role.LIAISON_OFFICER,
        from_on=timezone.localdate(),
        until_on=None,
        by=None,
        at=timezone.now(),
    )
    provider.add_user("pat", groups=["kent"])
    sign_on(Client(), provider, "pat")
    assert bodies() == ["kent", "surrey"]
    provider.add_user("pat", _claim_names={"groups": "src1"})
    assert sign_on(Client(), provider, "pat").status_code == 403
    assert bodies() == ["kent", "surrey"]
    provider.add_user("pat", groups=[])
    assert sign_on(Client(), provider, "pat").status_code == 302
    assert bodies() == ["surrey"]


def test_a_person_who_left_the_groups_is_denied(client, provider):
    provider.add_user("ann", groups=["kent"])
    sign_on(client, provider, "ann")
    provider.add_user("ann", groups=[])
    assert sign_on(Client(), provider, "ann").status_code == 403


def test_a_person_who_left_the_groups_is_signed_out_on_all_devices(client, provider):
    provider.add_user("una", groups=["kent"])
    sign_on(client, provider, "una")
    provider.add_user("una", groups=[])
    sign_on(Client(), provider, "una")
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"_claim_names": {"groups": "src1"}},
        {"_claim_names": {"groups": "src1"}, "groups": []},
        {"hasgroups": "true"},
        {"groups": None},
    ],
)
def test_a_person_whose_groups_are_not_listed_keeps_their_access(client, provider, claims):
    """Entra leaves the claim out for somebody in many groups."""
    provider.add_user("sue", groups=["kent"])
    sign_on(client, provider, "sue")
    provider.add_user("sue", **claims)
    response = sign_on(Client(), provider, "sue")
    assert response.status_code == 403
    assert "did not say which groups you are in" in response.text
    assert is_signed_in(client)
    assert people_without_listed_groups(since=timezone.now() - timedelta(days=1)) == 1


def test_name_and_address_follow_the_provider(client, provider):
    provider.add_user("liz", groups=["kent"])
    sign_on(client, provider, "liz")
    provider.add_user("liz", groups=["kent"], name="Liz New", email="liz.new@example.org")
    sign_on(Client(), provider, "liz")
    person = User.objects.get(email="liz.new@example.org")
    assert person.name == "Liz New"
    event = AuditEvent.objects.get(act="details set by single sign-on")
    assert event.details["changed"] == ["name", "email address"]
    assert "New" not in str(event.details)
    provider.add_user("liz", groups=["kent"], email="other@example.org", email_verified=False)
    sign_on(Client(), provider, "liz")
    assert User.objects.filter(email="liz.new@example.org").exists()


@pytest.mark.parametrize(
    ("claims", "detail"),
    [
        ({"name": "Z\u043ee Hale"}, "name"),  # with a Cyrillic o
        ({"email": "zo\u00eb@example.org"}, "email address"),
        ({"email": "EXAMPLE\\zoe"}, "email address"),
    ],
)
def test_a_detail_that_cannot_be_used_is_named_and_revokes_nothing(
    client, provider, claims, detail
):
    provider.add_user("zoe", groups=["kent"])
    sign_on(client, provider, "zoe")
    provider.add_user("zoe", groups=["kent"], **claims)
    response = sign_on(Client(), provider, "zoe")
    assert response.status_code == 403
    assert f"your {detail}, which we cannot use" in response.text
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        ({"email_verified": "true"}, "jo@example.org"),
        ({"xms_edov": "1"}, "jo@example.org"),
        ({"email_verified": False}, ""),
        ({"email_verified": True, "email": "jo_kent.police.uk#EXT#@x.onmicrosoft.com"}, ""),
    ],
)
def test_an_address_counts_if_the_provider_confirms_it_in_its_own_way(provider, claims, address):
    assert settings.OIDC.address_of({"email": "jo@example.org"} | claims) == address


def test_a_new_address_of_another_account_is_refused_with_a_sentence(client, provider):
    OfficerFactory(email="taken@example.org")
    provider.add_user("rob", groups=["kent"])
    sign_on(client, provider, "rob")
    provider.add_user("rob", groups=["kent"], email="taken@example.org")
    response = sign_on(Client(), provider, "rob")
    assert response.status_code == 403
    assert "another account has the new one" in response.text
    assert is_signed_in(client)


def test_the_address_can_be_in_another_claim(client, provider, settings):
    settings.OIDC = replace(
        settings.OIDC, address_claim="preferred_username", trusts_addresses=True
    )
    provider.add_user("ivy", groups=["kent"], email=None, preferred_username="ivy@example.com")
    sign_on(client, provider, "ivy")
    assert User.objects.filter(email="ivy@example.com").exists()


def test_single_sign_on_withdraws_an_open_invitation(client, provider):
    at, administrator_client = timezone.now(), UserFactory(role=Role.ADMINISTRATOR)
    invitation = invitations.invite(
        email="viv@example.org",
        name="Viv",
        role=Role.OBSERVER,
        body=None,
        by=administrator_client,
        at=at,
    )
    provider.add_user("viv", groups=["observers"])
    sign_on(client, provider, "viv")
    invitation.refresh_from_db()
    assert not invitation.is_open(at=at)


def test_the_settings_know_all_roles():
    assert set(ROLES) == set(Role.values)


def test_a_person_whose_account_is_closed_is_denied(client, provider):
    OfficerFactory(email="lee@example.org", is_active=False)
    provider.add_user("lee", groups=["kent"])
    assert sign_on(client, provider, "lee").status_code == 403


def test_an_existing_account_loses_its_password(client, provider):
    person = OfficerFactory(email="sam@example.org", body__short_name="Essex")
    provider.add_user("sam", groups=["kent"])
    sign_on(client, provider, "sam")
    assert is_signed_in(client)
    other = Client()
    type_password(other, person)
    assert not is_signed_in(other)


def test_another_person_of_the_provider_cannot_take_over_an_address(client, provider):
    provider.add_user("kim", groups=["kent"])
    sign_on(client, provider, "kim")
    provider.add_user("kim2", groups=["kent"], email="kim@example.org")
    assert sign_on(Client(), provider, "kim2").status_code == 403


class TestSecondFactor:
    def test_an_analyst_without_one_must_set_it_up(self, client, provider):
        provider.add_user("ida", groups=["analysts"])
        sign_on(client, provider, "ida")
        assert client.get("/heatmap/").url.startswith(reverse("mfa_index"))

    def test_the_second_factor_of_the_provider_counts(self, client, provider):
        provider.add_user("uma", groups=["analysts"], amr=["pwd", "mfa"])
        sign_on(client, provider, "uma")
        assert client.get("/heatmap/").status_code == 200

    def test_a_provider_that_always_asks_for_one_counts(self, client, provider, settings):
        settings.OIDC = replace(settings.OIDC, assures_second_factor=True)
        provider.add_user("eva", groups=["analysts"])
        sign_on(client, provider, "eva")
        assert client.get("/heatmap/").status_code == 200

    def test_an_own_second_factor_is_still_needed(self, client, provider):
        set_up_app(UserFactory(email="zoe@example.org", has_second_factor=False))
        provider.add_user("zoe", groups=["analysts"])
        assert sign_on(client, provider, "zoe").url == reverse("mfa_authenticate")
        assert not is_signed_in(client)


class TestAttacks:
    def test_a_callback_without_a_sign_in_is_denied(self, client, provider):
        callback = reverse("openid_connect_callback", args=["single-sign-on"])
        response = client.get(f"{callback}?code=anything&state=anything")
        assert response.status_code == 403
        assert not is_signed_in(client)

    def test_another_browser_s_callback_is_denied(self, client, provider):
        """Nobody can be signed in as somebody else without knowing it."""
        provider.add_user("tom", groups=["kent"])
        away = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
        back = provider.confirm(away.url, "tom").partition("testserver")[2]
        victim = Client()
        assert victim.get(back).status_code == 403
        assert not is_signed_in(victim)

    def test_a_used_callback_does_not_sign_in(self, client, provider):
        provider.add_user("pat", groups=["kent"])
        away = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
        back = provider.confirm(away.url, "pat").partition("testserver")[2]
        client.get(back)
        client.post(reverse("logout"))
        client.get(back)
        assert not is_signed_in(client)

    def test_it_is_not_connected_to_a_signed_in_account(self, client, provider):
        officer = OfficerFactory(email="ned@example.org")
        type_password(client, officer)
        provider.add_user("ned", groups=["kent"])
        assert sign_on(client, provider, "ned", process="connect").status_code == 403
        officer.refresh_from_db()
        assert officer.has_usable_password()

    def test_a_link_to_another_site_is_not_followed(self, client, provider):
        provider.add_user("gus", groups=["kent"])
        response = sign_on(client, provider, "gus", next="https://elsewhere.example.com/")
        assert "elsewhere" not in response.url


def test_without_settings_the_page_is_not_found(client, db):
    InspectionFactory()
    assert client.post(reverse("openid_connect_login", args=["single-sign-on"])).status_code == 404


def test_an_unreachable_provider_gets_an_error_page(client, provider, settings):
    away = replace(settings.OIDC, server_url="http://127.0.0.1:1")
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = away, away.provider
    response = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
    assert response.status_code == 403
    assert "We could not sign you in" in response.text
