"""Rules that every row of `matrix.csv` must follow, whatever its outcomes."""

import pytest

from tests.security import matrix
from tests.security.clients import METHODS, SET_UP_FACTOR, SIGN_IN
from tests.security.endpoints import ADMIN
from tests.security.scenario import LIMITED, NOT_SIGNED_IN, OTHER, USERS

MATRIX = matrix.read()
PUBLIC = {  # available to everybody, signed in or not
    *("accounts/sign-in/", "accounts/reset/", "accounts/reset/sent/", "accounts/reset/done/"),
    "accounts/reset/<uidb64>/<token>/",  # by an emailed link
    *(f"{ADMIN}login/", "accessibility/", "cookies/", "help/", "privacy/", "security/"),
    ".well-known/security.txt",
    "accounts/invitation/<str:secret>/",  # by an emailed link
    "digests/unsubscribe/<str:token>/",  # by an emailed link
    "calendar/<str:secret>.ics",  # by its secret
    "api/v1/openapi.json",  # documents the API and contains no data
    *("healthz/", "readyz/", "metrics"),  # for probes; metrics need a token in production
    "dev/mailbox/",  # only in development: without MAILBOX_PATH it does not exist
}
RESUMED_FORMS = {  # a POST without a session gets a sign-in page that keeps what was typed
    "closures/<slug:slug>/<slug:month>/",
    "deadlines/move/",
    "deadlines/requests/<int:request_id>/",
    "forces/<slug:slug>/<reference:reference>/approval/",
    "forces/<slug:slug>/<reference:reference>/due-date/",
    "forces/<slug:slug>/<reference:reference>/joint-action/",
    "forces/<slug:slug>/<reference:reference>/more-time/",
    "forces/<slug:slug>/<reference:reference>/questions/",
    "forces/<slug:slug>/<reference:reference>/requests/",
    "requests/<int:request_id>/",
    "forces/<slug:slug>/<reference:reference>/steps/",
    "forces/<slug:slug>/<reference:reference>/steps/<int:step>/",
    "forces/<slug:slug>/<reference:reference>/update/<slug:step>/",
    "forces/<slug:slug>/<reference:reference>/withdraw/",
    "forces/<slug:slug>/end/",
    "forces/<slug:slug>/names/",
    "forces/<slug:slug>/names/<int:name_id>/",
    "joint-actions/<int:action_id>/",
    "joint-actions/<int:action_id>/extend/",
    "outcomes/<int:figure_id>/correct/",
    "outcomes/add/",
    "recommendations/<reference:reference>/text/",
    "responses/<slug:slug>/<slug:subject>/",
    "reviews/<int:update_id>/",
    "reviews/<int:update_id>/correct/",
    "reviews/together/<reference:reference>/",
    "second-reviews/<int:update_id>/",
}
SEE_NO_SUMMARY = {"officer"}  # they do not see the national overview either
CLOSED = {SIGN_IN, "401", "404", "405"}
DENIED = {"404", "405", SIGN_IN}
PASSKEYS = "accounts/second-factor/webauthn/"  # allauth's views answer OPTIONS with their methods
# Almost every signed-in user may read the figures of every force, and all responses.
SHOWN_TO_ALL = {"forces/<slug:slug>/", "responses/<slug:slug>/", "waiting/<slug:slug>/"}
SEES_OWN_ALONE = "policing"
CALENDAR = "calendar/<str:secret>.ics"
OTHER_METHODS_AS_GET = ("accounts/", ADMIN, "healthz/", "readyz/", "metrics")


def cells(*names: str) -> list[tuple[str, str, str, str, str]]:
    """Return route, owner, user name, method and outcome of every cell of these users."""
    return [
        (route, owner, name, method, outcome)
        for name in names
        for (route, owner), outcomes in MATRIX[name].items()
        for method, outcome in outcomes.items()
    ]


def shown_to(name: str) -> set[str]:
    """Return the routes that show this user records of other forces, too."""
    return set() if name == SEES_OWN_ALONE else SHOWN_TO_ALL


def test_every_column_has_every_row():
    assert len({frozenset(column) for column in MATRIX.values()}) == 1
    assert len(MATRIX["officer"]) > 250


@pytest.mark.parametrize("name", NOT_SIGNED_IN)
def test_visitors_are_redirected_to_the_sign_in_page(name: str):
    open_cells = [
        (route, owner, method, outcome)
        for route, owner, _, method, outcome in cells(name)
        if outcome not in CLOSED
        and route not in PUBLIC
        and not (route in RESUMED_FORMS and (method, outcome) == ("POST", "403"))
        and not (route.startswith(PASSKEYS) and (method, outcome) == ("OPTIONS", "200"))
    ]
    assert open_cells == []


def test_deactivated_users_get_the_same_responses_as_visitors():
    visitor, deactivated = MATRIX["signed out"], MATRIX["deactivated"]
    different = {
        route for route, owner in visitor if visitor[route, owner] != deactivated[route, owner]
    }
    assert different <= {CALENDAR}  # a visitor has no calendar, so theirs is another user's
    assert set(deactivated[CALENDAR, "own"].values()) == {"404", "405"}


def test_users_without_a_required_second_factor_can_only_set_one_up():
    """This includes their API tokens and the admin."""
    account = ("accounts/", f"{ADMIN}login/")
    open_cells = [
        (route, owner, method, outcome)
        for route, owner, _, method, outcome in cells("no factor")
        if outcome not in {SET_UP_FACTOR, "401", "404", "405"}
        and route not in PUBLIC
        and not route.startswith(account)
    ]
    assert open_cells == []


@pytest.mark.parametrize("name", LIMITED)
def test_records_of_other_forces_are_not_found(name: str):
    open_cells = [
        (route, owner, method, outcome)
        for route, owner, _, method, outcome in cells(name)
        if owner.startswith((OTHER, "analyst's"))
        and outcome not in DENIED
        and route not in shown_to(name) | {CALENDAR}
        and not (route.startswith(PASSKEYS) and (method, outcome) == ("OPTIONS", "200"))
    ]
    assert open_cells == []


def test_records_of_other_forces_get_the_same_response_as_missing_ones():
    """So that no response reveals whether a record exists."""
    different = [
        (name, route)
        for name in LIMITED
        for (route, owner), outcomes in MATRIX[name].items()
        if owner == OTHER
        and route not in shown_to(name) | {CALENDAR}
        and outcomes != MATRIX[name].get((route, "missing"), outcomes)
    ]
    assert different == []


def test_nothing_fails_and_permission_is_denied_with_404():
    """403 is only for forms that were submitted without a session."""
    failed = [cell for cell in cells(*USERS) if cell[4].startswith("5")]
    forbidden = [
        (route, owner, name, method)
        for route, owner, name, method, outcome in cells(*USERS)
        if outcome == "403" and not (route in RESUMED_FORMS and name in NOT_SIGNED_IN)
    ]
    assert failed == []
    assert forbidden == []


def test_endpoints_deny_methods_that_they_do_not_use():
    """No endpoint of our own uses PUT, PATCH or DELETE."""
    wrong = [
        (route, owner, name, method, outcome)
        for route, owner, name, method, outcome in cells(*USERS)
        if method in {"PUT", "PATCH", "DELETE"}
        and outcome not in {"405", SIGN_IN, SET_UP_FACTOR, "404"}
        and not route.startswith(OTHER_METHODS_AS_GET)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in USERS if name != "administrator"])
def test_only_administrators_may_use_the_admin(name: str):
    open_cells = [
        (route, owner, method, outcome)
        for route, owner, _, method, outcome in cells(name)
        if route.startswith(ADMIN)
        and route not in {f"{ADMIN}login/", f"{ADMIN}logout/"}  # logout redirects to the index
        and outcome not in {SIGN_IN, SET_UP_FACTOR, "404"}
    ]
    assert open_cells == []


@pytest.mark.parametrize("name", USERS)
def test_the_api_needs_a_valid_token_and_is_read_only(name: str):
    without_api = {*NOT_SIGNED_IN, "no factor", SEES_OWN_ALONE}
    for route, owner, _, method, outcome in cells(name):
        if not route.startswith("api/v1/") or route in PUBLIC | {"api/v1/"}:
            continue
        is_valid = owner == "valid token" and name not in without_api
        found = "404" if route == "api/v1/summary" and name in SEE_NO_SUMMARY else "200"
        expected = (found if is_valid else "401") if method in {"GET", "HEAD"} else "405"
        assert outcome == expected, (route, owner, method)


def test_every_cell_has_every_method():
    assert all(
        set(outcomes) == set(METHODS) for row in MATRIX.values() for outcomes in row.values()
    )


@pytest.mark.parametrize("name", USERS)
def test_methods_that_not_every_user_sends_have_the_outcomes_of_those_that_all_send(name: str):
    """HEAD like GET, and the rest like one of those users, or like GET and POST if these agree."""
    for row, outcomes in MATRIX[name].items():
        senders = [MATRIX[user][row] for user in USERS if matrix.sends_all_methods(user, row[0])]
        if outcomes["GET"] == outcomes["POST"]:
            senders.append(dict.fromkeys(METHODS, outcomes["GET"]))
        assert outcomes["HEAD"] == outcomes["GET"], row
        assert any(_have_equal_rest(cell, outcomes) for cell in senders), row


def _have_equal_rest(one: matrix.Outcomes, other: matrix.Outcomes) -> bool:
    return all(one[method] == other[method] for method in ("PUT", "PATCH", "DELETE", "OPTIONS"))
