"""A session ends in time, with its person's standing, and where its person wants it to."""

import threading
import time

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from forces.accounts.password_forms import SetPasswordForm
from forces.models import AuditEvent, Role, User
from tests.factories import (
    PASSWORD,
    ForceFactory,
    InspectionFactory,
    OfficerFactory,
    UserFactory,
)
from tests.forces.accounts.factors import is_in, type_password

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600
NEW = "violet otters juggle lanterns"


@pytest.fixture
def officer(db):
    InspectionFactory()
    return OfficerFactory()


@pytest.fixture
def signed_in(officer) -> Client:
    client = Client()
    type_password(client, officer)
    return client


def age(client: Client, *, signed_in: float = 0, idle: float = 0) -> None:
    """Turn the session's clock back by so many seconds."""
    session = client.session
    session["signed_in_at"] = int(time.time() - signed_in)
    session["seen_at"] = int(time.time() - idle)
    session.save()


def left(client: Client) -> int:
    """As static/js/session.js asks: by itself."""
    answer = client.get(reverse("session_left"), headers={"X-Background": "true"})
    return answer.json()["seconds"]


class TestLimits:
    def test_half_an_hour_without_an_act_ends_it(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=31 * MINUTE)
        assert signed_in.get("/heatmap/").url.startswith(reverse("login"))
        assert AuditEvent.objects.filter(act="signed out").exists()

    def test_an_act_makes_it_last(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=29 * MINUTE)
        assert signed_in.get("/heatmap/").status_code == 200
        assert time.time() - signed_in.session["seen_at"] < 5

    def test_a_poll_by_itself_does_not_make_it_last(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=29 * MINUTE)
        signed_in.get("/heatmap/", headers={"X-Background": "true"})
        assert time.time() - signed_in.session["seen_at"] > 28 * MINUTE

    def test_twelve_hours_end_it_whatever_is_done(self, signed_in):
        age(signed_in, signed_in=12 * HOUR + 1)
        assert not is_in(signed_in)

    def test_it_can_be_extended(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=28 * MINUTE)
        assert left(signed_in) < 3 * MINUTE
        assert signed_in.post(reverse("session_extend")).json()["seconds"] >= 29 * MINUTE
        assert signed_in.get(reverse("session_extend")).status_code == 405

    def test_what_asks_how_long_it_lasts_does_not_make_it_last(self, signed_in):
        age(signed_in, signed_in=HOUR, idle=20 * MINUTE)
        left(signed_in)
        assert left(signed_in) <= 10 * MINUTE


class TestStanding:
    @pytest.mark.parametrize("change", ["role", "body", "left"])
    def test_a_change_of_standing_ends_it_at_once(self, signed_in, officer, change):
        assert is_in(signed_in)
        if change == "role":
            officer.role = Role.CHIEF_OFFICER
        elif change == "body":
            officer.body = ForceFactory()
        else:
            officer.is_active = False
        officer.save()
        assert not is_in(signed_in)

    def test_a_change_of_name_does_not(self, signed_in, officer):
        officer.name = "Another Name"
        officer.save()
        assert is_in(signed_in)


def test_a_password_that_is_saved_brings_back_no_role_and_no_access(officer):
    """The administrator shuts the account while the person's new password is on its way."""
    stale = User.objects.get(pk=officer.pk)
    User.objects.filter(pk=officer.pk).update(is_active=False, role=Role.CHIEF_OFFICER)
    fields = {"new_password1": NEW, "new_password2": NEW}
    form = SetPasswordForm(stale, fields)
    assert form.is_valid(), form.errors
    form.save()
    officer.refresh_from_db()
    assert (officer.is_active, officer.role) == (False, Role.CHIEF_OFFICER)
    assert officer.check_password(NEW)


@pytest.mark.django_db(transaction=True)
def test_a_role_taken_away_at_the_same_moment_stays_away():
    InspectionFactory()
    officer = OfficerFactory()
    forms = [SetPasswordForm(officer, {"new_password1": NEW, "new_password2": NEW})]
    assert forms[0].is_valid()
    start = threading.Barrier(2)

    def save() -> None:
        start.wait()
        forms[0].save()
        connection.close()

    def shut() -> None:
        start.wait()
        User.objects.filter(pk=officer.pk).update(is_active=False)
        connection.close()

    threads = [threading.Thread(target=act) for act in (save, shut)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    officer.refresh_from_db()
    assert not officer.is_active


class TestPage:
    def test_lists_where_one_is_signed_in_and_ends_one(self, signed_in, officer):
        other = Client(headers={"user-agent": "Another browser"})
        type_password(other, officer)
        page = signed_in.get(reverse("sessions")).text
        assert "This device" in page
        assert "Another browser" in page
        (row,) = officer.usersession_set.filter(user_agent="Another browser")
        signed_in.post(reverse("sessions"), {"session": row.pk})
        assert not is_in(other)
        assert is_in(signed_in)
        assert AuditEvent.objects.filter(act="sessions ended").exists()

    def test_ends_all_others(self, signed_in, officer):
        others = [Client(), Client()]
        for other in others:
            type_password(other, officer)
        signed_in.post(reverse("sessions"), {"session": "all"})
        assert [is_in(browser) for browser in (signed_in, *others)] == [True, False, False]

    def test_after_a_new_password_the_device_is_still_listed_and_can_be_ended(
        self, signed_in, officer
    ):
        fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
        signed_in.post(reverse("password_change"), fields)
        assert "This device" in signed_in.get(reverse("sessions")).text
        other = Client()
        type_password(other, officer, NEW)
        other.post(reverse("sessions"), {"session": "all"})
        assert not is_in(signed_in)

    def test_another_person_s_session_is_not_touched(self, signed_in):
        stranger = UserFactory(role=Role.OBSERVER)
        theirs = Client()
        type_password(theirs, stranger)
        (row,) = stranger.usersession_set.all()
        signed_in.post(reverse("sessions"), {"session": row.pk})
        for key in ("\x00", "9" * 5000, "²", "-1"):
            signed_in.post(reverse("sessions"), {"session": key})
        assert is_in(theirs)


def test_a_session_key_that_was_known_before_the_sign_in_opens_nothing(officer):
    victim, attacker = Client(), Client()
    victim.get(reverse("login"))
    session = victim.session
    session["planted"] = True
    session.save()
    victim.cookies["sessionid"] = session.session_key
    attacker.cookies["sessionid"] = session.session_key
    type_password(victim, officer)
    assert is_in(victim)
    assert not is_in(attacker)
