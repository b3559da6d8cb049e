"""What holds of every row of the matrix, whatever codes it has: read from the table alone."""

import pytest

from tests.security import table
from tests.security.addresses import ADMIN
from tests.security.asking import FACTOR, METHODS, SIGN_IN
from tests.security.stage import NARROW, OTHER, OUTSIDE, PEOPLE

TABLE = table.read()
PUBLIC = {  # there for everybody, signed in or not
    *("accounts/sign-in/", "accounts/reset/", "accounts/reset/sent/", "accounts/reset/done/"),
    "accounts/reset/<uidb64>/<token>/",  # by a mailed link
    *(f"{ADMIN}login/", "accessibility/", "cookies/", "help/", "privacy/", "security/"),
    ".well-known/security.txt",
    "accounts/invitation/<str:secret>/",  # by a mailed link
    "digests/unsubscribe/<str:token>/",  # by a mailed link
    "calendar/<str:secret>.ics",  # by its secret
    "api/v1/openapi.json",  # tells of the API, and nothing of anybody
    *("healthz/", "readyz/", "metrics"),  # for probes; the last one has a token in production
    "dev/mailbox/",  # in development only: without MAILBOX_PATH it does not exist
}
KEEPS_TYPED_TEXT = {  # a POST without a session is answered with a sign-in that keeps the words
    "deadlines/move/",
    "deadlines/requests/<int:request_id>/",
    "forces/<slug:slug>/<int:number>/more-time/",
    "forces/<slug:slug>/<int:number>/questions/",
    "forces/<slug:slug>/<int:number>/update/<slug:step>/",
    "forces/<slug:slug>/<int:number>/withdraw/",
    "reviews/<int:update_id>/",
    "reviews/<int:update_id>/correct/",
    "reviews/together/<int:number>/",
}
SHUT = {SIGN_IN, "401", "404", "405"}
REFUSED = {"404", "405", SIGN_IN}
KEYS = "accounts/second-factor/webauthn/"  # allauth's views answer OPTIONS with their methods
OF_ANYBODY = {"forces/<slug:slug>/"}  # the figures of every body are there for every reader
BY_SECRET = {"calendar/<str:secret>.ics"}
ANYTHING_IS_A_GET = ("accounts/", ADMIN, "healthz/", "readyz/", "metrics")


def cells(*people: str):
    """Each person's answer to each method at each address: route, whose, person, method, status."""
    return [
        (route, whose, person, method, status)
        for person in people
        for (route, whose), answers in TABLE[person].items()
        for method, status in answers.items()
    ]


def test_every_column_has_every_row():
    rows = {frozenset(column) for column in TABLE.values()}
    assert len(rows) == 1
    assert len(TABLE["officer"]) > 250


@pytest.mark.parametrize("person", OUTSIDE)
def test_who_is_not_signed_in_is_led_to_the_sign_in(person: str):
    open_ = [
        cell
        for cell in cells(person)
        if cell[4] not in SHUT
        and cell[0] not in PUBLIC
        and not (cell[0] in KEEPS_TYPED_TEXT and cell[3:] == ("POST", "403"))
        and not (cell[0].startswith(KEYS) and cell[3:] == ("OPTIONS", "200"))
    ]
    assert open_ == []


def test_who_has_left_is_answered_like_nobody():
    own = {"calendar/<str:secret>.ics"}  # nobody has none of their own
    signed_out, left = TABLE["signed out"], TABLE["left"]
    assert [row for row in left if left[row] != signed_out[row] and row[0] not in own] == []
    assert set(left["calendar/<str:secret>.ics", "own"].values()) == {"404", "405"}


def test_who_needs_a_second_factor_and_has_none_sets_one_up_and_sees_nothing_else():
    """Nor by a token, nor in the administration."""
    account = ("accounts/", f"{ADMIN}login/")
    seen = [
        cell
        for cell in cells("no factor")
        if cell[4] not in {FACTOR, "401", "404", "405"}
        and cell[0] not in PUBLIC
        and not cell[0].startswith(account)
    ]
    assert seen == []


@pytest.mark.parametrize("person", NARROW)
def test_another_body_s_papers_are_not_there(person: str):
    seen = [
        cell
        for cell in cells(person)
        if cell[1].startswith((OTHER, "analyst's"))
        and cell[4] not in REFUSED
        and cell[0] not in OF_ANYBODY | BY_SECRET
        and not (cell[0].startswith(KEYS) and cell[3:] == ("OPTIONS", "200"))
    ]
    assert seen == []


def test_what_does_not_exist_is_refused_as_what_is_another_body_s():
    """Nobody learns from the answer whether there is something."""
    for person in NARROW:
        column = TABLE[person]
        for route, whose in column:
            twin = (route, "no such")
            if whose == OTHER and twin in column and route not in OF_ANYBODY | BY_SECRET:
                assert column[route, whose] == column[twin], (person, route)


def test_nothing_fails_and_nothing_is_half_refused():
    """A refusal is 404; 403 is a form's that was sent without a session."""
    failed = [cell for cell in cells(*PEOPLE) if cell[4].startswith("5")]
    forbidden = [
        cell
        for cell in cells(*PEOPLE)
        if cell[4] == "403" and not (cell[0] in KEEPS_TYPED_TEXT and cell[2] in OUTSIDE)
    ]
    assert failed == []
    assert forbidden == []


def test_a_page_that_can_only_be_read_refuses_every_other_method():
    """And no address of ours knows PUT, PATCH or DELETE."""
    wrong = [
        cell
        for cell in cells(*PEOPLE)
        if cell[3] in {"PUT", "PATCH", "DELETE"}
        and cell[4] not in {"405", SIGN_IN, FACTOR, "404"}
        and not cell[0].startswith(ANYTHING_IS_A_GET)
    ]
    assert wrong == []


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "administrator"])
def test_the_admin_is_the_administrator_s(person: str):
    inside = [
        cell
        for cell in cells(person)
        if cell[0].startswith(ADMIN)
        and cell[0] not in {f"{ADMIN}login/", f"{ADMIN}logout/"}  # the latter leads to the index
        and cell[4] not in {SIGN_IN, FACTOR, "404"}
    ]
    assert inside == []


@pytest.mark.parametrize("person", PEOPLE)
def test_the_api_asks_for_a_token_in_force_and_can_only_be_read(person: str):
    for route, whose, _, method, status in cells(person):
        if not route.startswith("api/v1/") or route in PUBLIC | {"api/v1/"}:
            continue
        reads = method in {"GET", "HEAD"}
        opens = whose == "token in force" and person not in {*OUTSIDE, "no factor"}
        assert status == (("200" if opens else "401") if reads else "405"), (route, whose, method)


def test_each_cell_knows_every_method():
    assert all(set(answers) == set(METHODS) for row in TABLE.values() for answers in row.values())
