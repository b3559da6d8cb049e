"""All permissions, and which roles hold them.

What a person may not see does not exist for them: views answer 404.
"""

from collections.abc import Callable, Iterable, Mapping
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
    """What a role can be allowed to do."""

    SEE_POSITION = (
        auto()
    )  # the status figures of all organisations: heatmap, recommendations, forces
    SEE_OVERVIEW = auto()  # the national overview; liaison officers start at their own force
    # Updates, reviews and due date changes of one's organisation, or of the force of one's
    # local policing body
    SEE_OWN_DOCUMENTS = auto()
    SEE_ALL_DOCUMENTS = auto()  # the same of all organisations
    SUBMIT_UPDATES = auto()  # write drafts and submit updates for one's organisation
    APPROVE_UPDATES = auto()  # before they are submitted, of one's organisation if it requires it
    REQUIRE_APPROVAL = auto()  # switch that on and off; with an organisation, for it only
    REVIEW_CLAIMS = auto()
    REVIEW_AGAIN = auto()  # read and confirm accepted claims of the department that reviews
    DRAW_TEST_ROUNDS = auto()  # fix the seed of a sample of accepted claims, and draw it
    TEST_CLAIMS = auto()  # record whether a claim of such a sample held
    DECIDE_DUE_DATES = auto()  # decide extension requests, change due dates, withdraw assignments
    SEND_REMINDERS = auto()  # ask an organisation for an update by email
    IMPORT_UPDATES = auto()  # submit updates from a spreadsheet, for one's organisation
    IMPORT_ALL_UPDATES = auto()  # the same for all organisations
    SEE_AUDIT = auto()  # the whole audit trail
    SEE_DIGESTS = auto()  # preview anybody's emails
    MANAGE_EMAILS = auto()  # hold and resend emails, and change anybody's email preferences
    MANAGE_PEOPLE = auto()  # invite people, and remove lost second factors
    SEE_JOBS = auto()  # view and start jobs
    CONFIRM_DELETIONS = auto()  # allow a large deletion of old data that was stopped
    RESPOND = auto()  # to the inspection, for one's organisation, which is no force
    RESPOND_FOR_OTHERS = auto()  # enter what any organisation has published
    CHECK_TEXTS = (
        auto()
    )  # correct and confirm texts of recommendations, and what they ask of forces
    SEE_CLOSURES = auto()  # how many lines each force closed, and how many reopened
    EDIT_OUTCOMES = auto()  # enter and correct published figures on outcomes
    EDIT_REGISTER = auto()  # titles and due dates of recommendations, in the admin
    MANAGE_PERSONAL_DATA = auto()  # download the data held about a person, and remove a person


_READER = frozenset({Permission.SEE_POSITION, Permission.SEE_OWN_DOCUMENTS})
_NATIONAL = frozenset(
    {
        Permission.SEE_POSITION,
        Permission.SEE_OVERVIEW,
        Permission.SEE_ALL_DOCUMENTS,
        Permission.SEE_DIGESTS,
        Permission.SEE_AUDIT,
    }
)

PERMISSIONS: Mapping[str, frozenset[Permission]] = {
    Role.ANALYST: _NATIONAL
    | {
        Permission.CHECK_TEXTS,
        Permission.RESPOND_FOR_OTHERS,
        Permission.SEE_CLOSURES,
        Permission.REVIEW_CLAIMS,
        Permission.DRAW_TEST_ROUNDS,
        Permission.TEST_CLAIMS,
        Permission.DECIDE_DUE_DATES,
        Permission.SEND_REMINDERS,
        Permission.IMPORT_UPDATES,
        Permission.IMPORT_ALL_UPDATES,
    },
    Role.ADMINISTRATOR: _NATIONAL
    | {
        Permission.CHECK_TEXTS,
        Permission.DRAW_TEST_ROUNDS,
        Permission.EDIT_OUTCOMES,
        Permission.EDIT_REGISTER,
        Permission.REQUIRE_APPROVAL,
        Permission.MANAGE_EMAILS,
        Permission.MANAGE_PEOPLE,
        Permission.SEE_JOBS,
        Permission.CONFIRM_DELETIONS,
        Permission.MANAGE_PERSONAL_DATA,
    },
    Role.LIAISON_OFFICER: _READER
    | {Permission.SUBMIT_UPDATES, Permission.IMPORT_UPDATES, Permission.RESPOND},
    Role.CHIEF_OFFICER: _READER
    | {Permission.SEE_OVERVIEW, Permission.APPROVE_UPDATES, Permission.REQUIRE_APPROVAL},
    Role.SECOND_REVIEWER: _READER
    | {Permission.SEE_OVERVIEW, Permission.REVIEW_AGAIN, Permission.TEST_CLAIMS},
    Role.LOCAL_POLICING_BODY: frozenset({Permission.SEE_OWN_DOCUMENTS, Permission.RESPOND}),
    Role.OBSERVER: _READER | {Permission.SEE_OVERVIEW},
}


def may(person: User | AnonymousUser, permission: Permission) -> bool:
    """Whether the person holds the permission. Inactive and anonymous people hold none."""
    return isinstance(person, User) and person.is_active and permission in PERMISSIONS[person.role]


def requires(
    permission: Permission,
) -> Callable[[_View[_Arguments, _Response]], _View[_Arguments, _Response]]:
    """A view decorator: answers 404 to people without the permission.

    Put it directly above the view, below the decorator for the allowed methods.
    `countylines.middleware` records the denied request.
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


def may_see_documents(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may read the organisation's updates, and the replies to them.

    Those of an organisation that has ended are read by the one that has its work.
    """
    if may(person, Permission.SEE_ALL_DOCUMENTS):
        return True
    if body.reviews_claims and may(person, Permission.REVIEW_AGAIN):
        return True
    own = person.documents_body_id if isinstance(person, User) else None
    is_own = own is not None and own in (body.pk, body.succeeded_by_id)
    return is_own and may(person, Permission.SEE_OWN_DOCUMENTS)


def may_see_position(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may see the status figures of the organisation."""
    return may(person, Permission.SEE_POSITION) or may_see_documents(person, body)


def may_update(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may draft and submit updates for the organisation."""
    return _is_member(person, body) and may(person, Permission.SUBMIT_UPDATES)


def may_approve(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may approve the organisation's updates before they are submitted."""
    return _is_member(person, body) and may(person, Permission.APPROVE_UPDATES)


def may_require_approval(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may decide that the organisation's updates need approval."""
    if not isinstance(person, User) or not may(person, Permission.REQUIRE_APPROVAL):
        return False
    return person.body_id is None or _is_member(person, body)


def may_see_responses(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may read the responses of the organisation, which forces do not give."""
    return not body.is_force and (may(person, Permission.SEE_POSITION) or may_respond(person, body))


def may_respond(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may enter a response of the organisation."""
    if body.is_force:
        return False
    is_own = _is_member(person, body) and may(person, Permission.RESPOND)
    return is_own or may(person, Permission.RESPOND_FOR_OTHERS)


def may_see_joint_action(person: User | AnonymousUser, bodies: Iterable[Body]) -> bool:
    """Whether the person may read a joint action of these organisations; others see figures."""
    if may(person, Permission.SEE_ALL_DOCUMENTS):
        return True
    return may(person, Permission.SEE_OWN_DOCUMENTS) and acting_for(person, bodies) is not None


def acting_for(person: User | AnonymousUser, bodies: Iterable[Body]) -> Body | None:
    """Return the first of the organisations that is the person's, or that it has succeeded."""
    own = person.body_id if isinstance(person, User) else None
    if own is None:
        return None
    return next((body for body in bodies if own in (body.pk, body.succeeded_by_id)), None)


def may_see_request(person: User | AnonymousUser, *bodies: Body) -> bool:
    """Whether the person may read a request between these organisations; others see counts."""
    if may(person, Permission.SEE_ALL_DOCUMENTS):
        return True
    return may(person, Permission.SEE_OWN_DOCUMENTS) and acting_for(person, bodies) is not None


def may_report_closures(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may report how many lines the force closed."""
    return body.is_force and may_update(person, body)


def may_see_closures(person: User | AnonymousUser, body: Body) -> bool:
    """Whether the person may see the exact counts of closed lines that the force has reported."""
    is_own = _is_member(person, body) and may(person, Permission.SEE_POSITION)
    return body.is_force and (is_own or may(person, Permission.SEE_CLOSURES))


def bodies_with_documents(person: User | AnonymousUser, *, prefix: str = "") -> Q:
    """`may_see_documents` as a condition on bodies, or with `prefix` ("body__") on related rows."""
    if may(person, Permission.SEE_ALL_DOCUMENTS):
        return Q()
    if isinstance(person, User) and may(person, Permission.SEE_OWN_DOCUMENTS):
        own = Q(**{f"{prefix}pk": person.documents_body_id})
        own &= Q(**{f"{prefix}pk__isnull": False})
        if person.documents_body_id is not None:
            own |= Q(**{f"{prefix}succeeded_by": person.documents_body_id})
        if may(person, Permission.REVIEW_AGAIN):
            return own | Q(**{f"{prefix}reviews_claims": True})
        return own
    return Q(pk__in=[])


def _is_member(person: User | AnonymousUser, body: Body) -> bool:
    return isinstance(person, User) and person.body_id is not None and person.body_id == body.pk
