"""Every permission, and which role has it: the one place that answers "may this person ...?".

Views and querysets ask here. What a person may not see does not exist for them (404).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum, auto
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404, HttpResponseBase

from forces.http import ReaderRequest
from forces.models import Body, Role, User

_Arguments = ParamSpec("_Arguments")
_Response = TypeVar("_Response", bound=HttpResponseBase)
_View: TypeAlias = Callable[Concatenate[ReaderRequest, _Arguments], _Response]


class Permission(StrEnum):
    """What can be allowed. The text after "may" in a sentence about a person."""

    SEE_POSITION = auto()  # the status figures of every body: heatmap, recommendations, forces
    SEE_OVERVIEW = auto()  # the national overview, which an officer is led past
    SEE_PAPERS_OF_OWN_BODY = auto()  # updates, reviews and due date changes of the own body
    SEE_PAPERS_OF_EVERY_BODY = auto()
    UPDATE_OWN_BODY = auto()  # write drafts and submit updates for the own body
    REVIEW_CLAIMS = auto()
    DECIDE_DUE_DATES = auto()  # answer requests, move due dates, withdraw assignments
    IMPORT_UPDATES = auto()  # submit updates for every body from a spreadsheet
    SEE_AUDIT = auto()  # the audit trail, of everybody
    SEE_DIGESTS = auto()  # preview what anybody is sent
    RUN_THE_MAIL = auto()  # hold, send again, and mend who gets what
    ADMIT_PEOPLE = auto()  # invite, and take lost second factors away
    SEE_JOBS = auto()  # whether the jobs run; start one
    MEND_REGISTER = auto()  # texts and dates, in Django's admin
    ANSWER_FOR_DATA = auto()  # hand out all that is held on a person, and remove a person


_READER = frozenset({Permission.SEE_POSITION, Permission.SEE_PAPERS_OF_OWN_BODY})
_NATIONAL = frozenset(
    {
        Permission.SEE_POSITION,
        Permission.SEE_OVERVIEW,
        Permission.SEE_PAPERS_OF_EVERY_BODY,
        Permission.SEE_DIGESTS,
        Permission.SEE_AUDIT,
    }
)

PERMISSIONS: Mapping[str, frozenset[Permission]] = {
    Role.ANALYST: _NATIONAL
    | {Permission.REVIEW_CLAIMS, Permission.DECIDE_DUE_DATES, Permission.IMPORT_UPDATES},
    Role.ADMINISTRATOR: _NATIONAL
    | {
        Permission.MEND_REGISTER,
        Permission.RUN_THE_MAIL,
        Permission.ADMIT_PEOPLE,
        Permission.SEE_JOBS,
        Permission.ANSWER_FOR_DATA,
    },
    Role.LIAISON_OFFICER: _READER | {Permission.UPDATE_OWN_BODY},
    Role.CHIEF_OFFICER: _READER | {Permission.SEE_OVERVIEW},
    Role.OBSERVER: _READER | {Permission.SEE_OVERVIEW},
}


def may(person: User | AnonymousUser, permission: Permission) -> bool:
    """Whether this person holds the permission at all. Inactive and unknown people hold none."""
    return isinstance(person, User) and person.is_active and permission in PERMISSIONS[person.role]


def requires(
    permission: Permission,
) -> Callable[[_View[_Arguments, _Response]], _View[_Arguments, _Response]]:
    """A decorator: the view answers 404 to whoever lacks the permission.

    It stands directly above the view, below the decorator that says which methods are allowed.
    `countylines.middleware.denied_requests` records the refused request.
    """

    def decorate(view: _View[_Arguments, _Response]) -> _View[_Arguments, _Response]:
        @wraps(view)
        def checked(
            request: ReaderRequest, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
        ) -> _Response:
            if not may(request.user, permission):
                raise Http404
            return view(request, *args, **kwargs)

        checked.required_permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate


def may_see_papers(person: User | AnonymousUser, body: Body) -> bool:
    """Whether this person may read what the body wrote, and what was answered."""
    if may(person, Permission.SEE_PAPERS_OF_EVERY_BODY):
        return True
    return _belongs(person, body) and may(person, Permission.SEE_PAPERS_OF_OWN_BODY)


def may_update(person: User | AnonymousUser, body: Body) -> bool:
    """Whether this person may draft and submit updates for the body."""
    return _belongs(person, body) and may(person, Permission.UPDATE_OWN_BODY)


def bodies_with_papers(person: User | AnonymousUser, *, prefix: str = "") -> Q:
    """`may_see_papers` as a condition on bodies; `prefix` leads to the body ("body__")."""
    if may(person, Permission.SEE_PAPERS_OF_EVERY_BODY):
        return Q()
    if isinstance(person, User) and may(person, Permission.SEE_PAPERS_OF_OWN_BODY):
        return Q(**{f"{prefix}pk": person.body_id}) & Q(**{f"{prefix}pk__isnull": False})
    return Q(pk__in=[])


def _belongs(person: User | AnonymousUser, body: Body) -> bool:
    return isinstance(person, User) and person.body_id is not None and person.body_id == body.pk
