"""People who act for several organisations: dates, the choice, and what an end takes away."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.accounts.memberships import (
    add_membership,
    current_memberships,
    end_due_memberships,
    end_membership,
)
from forces.models import ApiToken, AuditEvent, Body, Membership, Role, User
from forces.refusal import Refusal
from recommendations.actions.api_tokens import create_token
from recommendations.actions.assign_review import reviewers
from recommendations.actions.calendar_feeds import create_calendar_feed
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.decide_extension import grant_request, refuse_request
from recommendations.actions.request_extension import request_extension
from recommendations.actions.review_claim import accept_claim
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import (
    Assignment,
    DueDateChange,
    DueDateDecision,
    Review,
    Update,
    Withdrawal,
)
from tests.factories import ForceFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def add(person: User, body: Body | None, **options) -> Membership:
    defaults = {"role": Role.LIAISON_OFFICER, "from_on": TODAY, "until_on": None, "by": None}
    return add_membership(person=person, body=body, at=timezone.now(), **defaults | options)


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


@pytest.fixture
def officer() -> User:
    return OfficerFactory()


@pytest.fixture
def essex(officer: User) -> Body:
    return ForceFactory(short_name="Essex")


class TestTheMainMembership:
    def test_follows_the_role_and_the_organisation_of_the_person(self, officer, essex):
        first = officer.memberships.get()
        assert (first.body, first.role, first.is_main) == (officer.body, officer.role, True)
        User.objects.filter(pk=officer.pk).update(body=essex)
        assert [row.body for row in officer.memberships.open()] == [essex]
        assert not fresh(officer).has_other_memberships

    def test_ends_with_the_account_and_comes_back_alone(self, officer, essex):
        add(officer, essex)
        User.objects.filter(pk=officer.pk).update(is_active=False)
        assert not officer.memberships.open().exists()
        User.objects.filter(pk=officer.pk).update(is_active=True)
        assert [row.body for row in officer.memberships.open()] == [officer.body]

    def test_becomes_an_existing_one_instead_of_a_second(self, officer, essex):
        other = add(officer, essex)
        User.objects.filter(pk=officer.pk).update(body=essex)
        assert [row.pk for row in officer.memberships.open()] == [other.pk]


class TestDates:
    @pytest.mark.parametrize(
        ("starts", "lasts", "is_current"),
        [(0, 0, True), (1, 5, False), (-5, 5, True), (-5, 4, False)],
    )
    def test_access_begins_and_ends_with_the_london_day(
        self, officer, essex, starts, lasts, is_current
    ):
        first = TODAY + timedelta(days=starts)
        row = Membership.objects.create(
            person=officer,
            body=essex,
            role=officer.role,
            from_on=first,
            until_on=first + timedelta(days=lasts),
        )
        assert row.is_current(on=TODAY) == is_current
        current = current_memberships(officer, at=timezone.now())
        assert (row in current) == is_current

    def test_two_of_one_organisation_never_overlap(self, officer, essex):
        add(officer, essex, until_on=TODAY + timedelta(days=5))
        with pytest.raises(Refusal, match="already has a membership of Essex"):
            add(officer, essex, from_on=TODAY + timedelta(days=5))
        add(officer, essex, from_on=TODAY + timedelta(days=6))
        with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
            Membership.objects.create(
                person=officer, body=essex, role=officer.role, from_on=TODAY + timedelta(days=9)
            )
        with pytest.raises(Refusal, match="already has a membership"):
            add(officer, officer.body)

    def test_history_is_not_rewritten(self, officer, essex):
        add(officer, essex)
        for change in ({"from_on": date(2020, 1, 1)}, {"role": Role.OBSERVER}):
            with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic():
                officer.memberships.update(**change)
        with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic():
            officer.memberships.all()._raw_delete("default")

    def test_the_last_one_closes_the_account(self, officer, essex):
        UserFactory(role=Role.ADMINISTRATOR)
        main, other = officer.memberships.get(), add(officer, essex)
        end_membership(membership=main, by=None, at=timezone.now())
        assert (fresh(officer).body, fresh(officer).is_active) == (essex, True)
        end_membership(membership=other, by=None, at=timezone.now(), until_on=TODAY)
        assert fresh(officer).is_active
        assert end_due_memberships(at=timezone.now() + timedelta(days=1)) == 1
        assert end_due_memberships(at=timezone.now() + timedelta(days=1)) == 0
        assert not fresh(officer).is_active
        assert AuditEvent.objects.filter(act="account closed", subject_id=officer.pk).exists()

    def test_nobody_ends_their_own(self):
        administrator = UserFactory(role=Role.ADMINISTRATOR)
        with pytest.raises(Refusal, match="your own"):
            end_membership(
                membership=administrator.memberships.get(), by=administrator, at=timezone.now()
            )


def test_an_end_revokes_tokens_and_calendars_of_that_organisation_only(officer, essex):
    at, kent = timezone.now(), officer.body
    membership = add(officer, essex)
    create_token(name="main", lasts=timedelta(days=9), by=fresh(officer), at=at)
    create_calendar_feed(body=kent, by=fresh(officer), at=at)
    acting = fresh(officer)
    acting.act_for(membership)
    create_token(name="other", lasts=timedelta(days=9), by=acting, at=at)
    create_calendar_feed(body=essex, by=acting, at=at)
    end_membership(membership=membership, by=None, at=at)
    assert [token.name for token in ApiToken.objects.filter(revoked_at=None)] == ["main"]
    assert [feed.body for feed in officer.calendar_feeds.filter(revoked_at=None)] == [kent]
    with pytest.raises(Refusal, match="changed while you were working"):
        create_token(name="late", lasts=timedelta(days=9), by=acting, at=at)


def test_what_somebody_acts_for_is_never_saved(officer, essex):
    acting = fresh(officer)
    acting.act_for(add(officer, essex))
    acting.name = "New Name"
    acting.save()
    assert (fresh(officer).name, fresh(officer).body) == ("New Name", officer.body)
    assert acting.get_session_auth_hash() == fresh(officer).get_session_auth_hash()


class TestActingFor:
    @pytest.fixture
    def member(self, client: Client, world) -> Membership:
        membership = add(world.officer, world.forces["Essex"])
        client.force_login(world.officer)
        return membership

    def test_pages_and_the_audit_trail_know_what_was_chosen(self, client, world, member):
        page = reverse("update", args=["essex", 2])
        refused = client.get(page)
        assert refused.status_code == 404
        assert "Act for Essex, Force liaison officer" in refused.text
        chosen = client.post(reverse("act_for"), {"membership": member.pk, "next": page})
        assert chosen.url == page
        assert client.get(page).status_code == 200
        assert client.get(reverse("update", args=["kent", 2])).status_code == 404
        event = AuditEvent.objects.filter(act="not shown").latest("position")
        assert event.body.short_name == "Essex"
        assert event.details["acting_for"] == "Essex, Force liaison officer"

    def test_only_own_memberships_and_own_addresses(self, client, world, member):
        stranger = OfficerFactory().memberships.get()
        url = reverse("act_for")
        assert client.post(url, {"membership": stranger.pk}).status_code == 404
        away = {"membership": member.pk, "next": "https://evil.example/"}
        assert client.post(url, away).url == "/"

    def test_a_form_of_another_tab_is_shown_for_copying_and_not_saved(self, world, member):
        browser = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
        browser.force_login(world.officer)
        page = browser.get(reverse("extension", args=["kent", 2]))
        old = {"csrfmiddlewaretoken": str(page.context["csrf_token"])}
        browser.post(reverse("act_for"), old | {"membership": member.pk})
        words = "We need the new analyst first."
        answer = browser.post(reverse("extension", args=["kent", 2]), old | {"reason": words})
        assert answer.status_code == 403
        assert words in answer.text
        assert "You now act for Essex, Force liaison officer." in answer.text
        browser.post(reverse("api_tokens"), old | {"name": "For Kent", "lasts": 30})
        assert not ApiToken.objects.exists()

    def test_an_end_falls_back_to_the_main_one_and_says_so(self, client, world, member):
        client.post(reverse("act_for"), {"membership": member.pk})
        end_membership(membership=member, by=None, at=timezone.now())
        response = client.get(reverse("force", args=["kent"]))
        assert "You now act for Kent, Force liaison officer." in response.text
        assert client.get(reverse("update", args=["kent", 2])).status_code == 200
        assert client.get(reverse("update", args=["essex", 2])).status_code == 404

    def test_the_end_of_the_main_one_signs_out(self, client, world, member):
        end_membership(
            membership=world.officer.memberships.get(is_main=True), by=None, at=timezone.now()
        )
        assert client.get("/heatmap/").status_code == 302

    def test_one_membership_needs_no_query(self, client, world, django_assert_num_queries):
        client.force_login(world.officer)
        with django_assert_num_queries(0):
            assert not world.officer.has_other_memberships
        assert "act-for" not in client.get(reverse("force", args=["kent"])).text


def test_a_reviewer_who_acts_for_the_organisation_cannot_review_its_claim(client, world):
    claim = Update.objects.get(assignment__body__short_name="Essex", status="implemented")
    add(world.analyst, world.forces["Essex"])
    with pytest.raises(Refusal, match="also acts for Essex"):
        accept_claim(claim=claim, by=world.analyst, at=timezone.now())
    client.force_login(world.analyst)
    page = client.get(reverse("review", args=[claim.pk]))
    assert "so somebody else must review this claim" in page.text
    assert page.context["form"] is None
    with pytest.raises(IntegrityError, match="acts for the organisation"), transaction.atomic():
        Review.objects.create(
            update=claim, decision="accepted", reviewed_at=timezone.now(), reviewed_by=world.analyst
        )


def test_only_current_memberships_make_a_reviewer(officer, essex):
    row = add(officer, None, role=Role.ANALYST, until_on=TODAY + timedelta(days=1))
    assert reviewers(on=TODAY) == [officer]
    assert reviewers(on=TODAY + timedelta(days=2)) == []
    end_membership(membership=row, by=None, at=timezone.now())
    assert reviewers(on=TODAY) == []


def test_an_analyst_who_acts_for_the_organisation_cannot_decide_about_more_time(client, world):
    assignment, at = world.assignment("Kent", 2), timezone.now()
    request = request_extension(
        assignment=assignment,
        to=max(assignment.due_on, TODAY) + timedelta(days=30),
        reason="We need the new analyst first.",
        by=world.officer,
        at=at,
    )
    add(world.analyst, world.forces["Kent"])
    with pytest.raises(Refusal, match="also acts for Kent"):
        grant_request(request=request, by=world.analyst, at=at)
    with pytest.raises(Refusal, match="also acts for Kent"):
        refuse_request(request=request, words="No.", by=world.analyst, at=at)
    client.force_login(world.analyst)
    page = client.get(reverse("due_date_request", args=[request.pk]))
    assert "so somebody else must decide about this request" in page.text
    assert page.context["form"] is None
    with pytest.raises(IntegrityError, match="acts for the organisation"), transaction.atomic():
        DueDateDecision.objects.create(
            request=request, outcome="refused", words="No.", decided_at=at, decided_by=world.analyst
        )


class TestAnAnalystWhoActsForTheOrganisation:
    @pytest.fixture
    def kent(self, world) -> Assignment:
        add(world.analyst, world.forces["Kent"])
        return world.assignment("Kent", 2)

    def test_changes_none_of_its_due_dates(self, client, world, kent):
        change = {"by": world.analyst, "at": timezone.now(), "reason": "It suits us."}
        to = kent.due_on + timedelta(days=30)
        with pytest.raises(Refusal, match="You also act for this organisation"):
            change_due_date(assignment=kent, to=to, **change)
        client.force_login(world.analyst)
        page = client.get(reverse("due_date", args=["kent", 2])).text
        assert ("somebody else must change its due date" in page, "to_day" in page) == (True, False)
        fields = {"group": "everybody", "bodies": ["kent", "essex"], "recommendation": "2"}
        fields |= {"days": "30", "reason": "The national tool comes later."}
        preview = client.post(reverse("bulk_change_due_dates"), fields).context["preview"]
        assert [row.body for row in preview.changing] == ["Essex"]
        with pytest.raises(IntegrityError, match="acts for the organisation"), transaction.atomic():
            DueDateChange.objects.create(
                assignment=kent,
                number=1,
                from_due_on=kent.due_on,
                to_due_on=to,
                reason="It suits us.",
                decided_at=timezone.now(),
                decided_by=world.analyst,
            )

    def test_withdraws_none_of_its_assignments(self, client, world, kent):
        change = {"reason": "It suits us."}
        with pytest.raises(Refusal, match="You also act for this organisation"):
            withdraw_assignment(
                assignment=kent,
                kind="no_further_action",
                by=world.analyst,
                at=timezone.now(),
                **change,
            )
        client.force_login(world.analyst)
        page = client.get(reverse("withdraw", args=["kent", 2])).text
        assert ("somebody else must withdraw it" in page, "reason" in page) == (True, False)
        with pytest.raises(IntegrityError, match="acts for the organisation"), transaction.atomic():
            Withdrawal.objects.create(
                assignment=kent, withdrawn_at=timezone.now(), withdrawn_by=world.analyst, **change
            )


def test_an_administrator_adds_and_ends_an_organisation(client, world):
    client.force_login(world.administrator)
    url = reverse("person_memberships", args=[world.officer.pk])
    fields = {"body": world.forces["Essex"].pk, "role": Role.LIAISON_OFFICER}
    day = {f"from_on_{part}": getattr(TODAY, part) for part in ("day", "month", "year")}
    assert client.post(url, fields).status_code == 200
    assert client.post(url, fields | day).status_code == 302
    row = world.officer.memberships.get(body=world.forces["Essex"])
    assert "Essex, Force liaison officer" in client.get(url).text
    assert client.get(url, {"end": row.pk}).status_code == 200
    assert client.post(url, {"end": row.pk}).status_code == 302
    assert not world.officer.memberships.open().filter(pk=row.pk).exists()
    assert "Ended" in client.get(url).text
