"""Every role has its permissions, and a view is not found without the one it requires."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse

from forces.models import Body, Role
from forces.models.user import ROLES_WITH_BODY
from forces.permissions import (
    PERMISSIONS,
    Permission,
    bodies_with_documents,
    may,
    may_respond,
    may_see_documents,
    may_see_responses,
    may_update,
    requires,
)
from tests.factories import (
    ForceFactory,
    LocalPolicingBodyFactory,
    NationalBodyFactory,
    OfficerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_every_role_has_its_permissions():
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_analysts_and_administrators_see_all_documents_and_write_none(role):
    person, force = UserFactory(role=role), ForceFactory()
    assert may_see_documents(person, force)
    assert not may_update(person, force)


def test_a_liaison_officer_sees_and_updates_only_the_own_organisation():
    officer, other = OfficerFactory(), ForceFactory()
    assert may_see_documents(officer, officer.body)
    assert may_update(officer, officer.body)
    assert not may_see_documents(officer, other)
    assert not may_update(officer, other)


def test_an_observer_sees_only_the_documents_of_the_own_organisation():
    force = ForceFactory()
    assert may_see_documents(UserFactory(role=Role.OBSERVER, body=force), force)
    assert not may_see_documents(UserFactory(role=Role.OBSERVER), force)


def test_a_local_policing_body_reads_its_force_and_responds_and_nothing_else():
    body, other = LocalPolicingBodyFactory(), LocalPolicingBodyFactory()
    person = UserFactory(role=Role.LOCAL_POLICING_BODY, body=body)
    assert may_see_documents(person, body.force)
    assert may_respond(person, body)
    assert not may_update(person, body.force)
    assert not may_see_documents(person, other.force)
    assert not may_see_responses(person, other)
    assert PERMISSIONS[person.role] == {Permission.SEE_OWN_DOCUMENTS, Permission.RESPOND}


def test_only_analysts_review():
    holders = {role for role in Role if Permission.REVIEW_CLAIMS in PERMISSIONS[role]}
    assert holders == {Role.ANALYST}


def test_inactive_and_anonymous_people_have_no_permissions():
    left = UserFactory(is_active=False)
    assert not any(may(left, permission) for permission in Permission)
    assert not any(may(AnonymousUser(), permission) for permission in Permission)
    assert not may_see_documents(AnonymousUser(), ForceFactory())


@pytest.mark.parametrize("role", [*Role, None])
def test_the_condition_on_bodies_agrees_with_may_see_documents(role):
    own, other = ForceFactory(), ForceFactory()
    department = NationalBodyFactory(reviews_claims=True)
    has_body = role in {*ROLES_WITH_BODY, Role.OBSERVER}
    body = own if has_body else None
    if role == Role.LOCAL_POLICING_BODY:
        body = LocalPolicingBodyFactory(force=own)
    person = UserFactory(role=role, body=body) if role else AnonymousUser()
    visible = set(Body.objects.filter(bodies_with_documents(person)))
    assert visible == {body for body in (own, other, department) if may_see_documents(person, body)}


@requires(Permission.REVIEW_CLAIMS)
def view_for_reviewers(request, number):
    return HttpResponse(f"claim {number}")


def test_a_view_is_shown_with_the_permission_it_requires(rf):
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


def test_a_view_is_not_found_by_an_anonymous_person(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(Http404):
        view_for_reviewers(request, number=4)
