import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse

from forces.models import Body, Role, User
from forces.permissions import (
    PERMISSIONS,
    Permission,
    bodies_with_papers,
    may,
    may_see_papers,
    may_update,
    requires,
)
from tests.factories import ForceFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_every_role_has_its_permissions():
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_analysts_and_administrators_see_every_body_s_papers_and_write_none(role):
    person, force = UserFactory(role=role), ForceFactory()
    assert may_see_papers(person, force)
    assert not may_update(person, force)


def test_a_liaison_officer_sees_and_updates_the_own_body_only():
    officer, other = OfficerFactory(), ForceFactory()
    assert may_see_papers(officer, officer.body)
    assert may_update(officer, officer.body)
    assert not may_see_papers(officer, other)
    assert not may_update(officer, other)


def test_an_observer_with_a_body_reads_its_papers_and_one_without_reads_none():
    force = ForceFactory()
    assert may_see_papers(UserFactory(role=Role.OBSERVER, body=force), force)
    assert not may_see_papers(UserFactory(role=Role.OBSERVER), force)


def test_only_analysts_review():
    holders = {role for role in Role if Permission.REVIEW_CLAIMS in PERMISSIONS[role]}
    assert holders == {Role.ANALYST}


def test_who_has_left_or_never_came_may_do_nothing():
    left = UserFactory(is_active=False)
    assert not any(may(left, permission) for permission in Permission)
    assert not any(may(AnonymousUser(), permission) for permission in Permission)
    assert not may_see_papers(AnonymousUser(), ForceFactory())


@pytest.mark.parametrize("role", [*Role, None])
def test_the_condition_on_bodies_says_the_same_as_the_question(role):
    own, other = ForceFactory(), ForceFactory()
    has_body = role in {Role.LIAISON_OFFICER, Role.CHIEF_OFFICER, Role.OBSERVER}
    person = UserFactory(role=role, body=own if has_body else None) if role else AnonymousUser()
    visible = set(Body.objects.filter(bodies_with_papers(person)))
    assert visible == {body for body in (own, other) if may_see_papers(person, body)}


@requires(Permission.REVIEW_CLAIMS)
def view_for_reviewers(request, number):
    return HttpResponse(f"claim {number}")


def test_a_view_is_shown_to_whoever_has_the_permission_it_requires(rf):
    request = rf.get("/")
    request.user = UserFactory(role=Role.ANALYST)
    assert view_for_reviewers(request, number=4).content == b"claim 4"


@pytest.mark.parametrize("is_active", [True, False])
def test_a_view_is_not_found_without_the_permission_it_requires(rf, is_active):
    request = rf.get("/")
    role = Role.ADMINISTRATOR if is_active else Role.ANALYST
    request.user = UserFactory(role=role, is_active=is_active)
    with pytest.raises(Http404):
        view_for_reviewers(request, number=4)


def test_a_view_is_not_found_by_somebody_signed_out(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(Http404):
        view_for_reviewers(request, number=4)


def test_the_database_refuses_a_liaison_officer_without_a_body():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="a@example.org", name="A", role=Role.LIAISON_OFFICER)


def test_two_people_cannot_share_an_address_in_other_letters():
    UserFactory(email="kim@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="KIM@example.org")
