"""Waiting for each other, and how fragmented it is: a small world by hand, and random histories."""

from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from recommendations.actions.end_body import record_body_end
from recommendations.actions.rename_body import rename_body
from recommendations.dashboards.body_requests.loops import loops
from recommendations.dashboards.body_requests.rows import RequestRow
from recommendations.dashboards.fragmentation.history import days_to, fragmentation_on
from recommendations.dashboards.fragmentation.measure import Share, by_region_pair, fragmentation
from recommendations.dashboards.waiting_counts import waiting_counts
from recommendations.request_rules import state_of
from recommendations.rules import london_day
from recommendations.working_days import is_working_day
from tests.factories import OfficerFactory, add_joint_action, answer, ask, claim
from tests.recommendations.api.conftest import token_of
from tests.recommendations.pages.pages import text_of
from tests.recommendations.test_request_rules import Made, oracle_waits

START = datetime(2026, 2, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([], []),
        ([(1, 2), (2, 3)], []),
        ([(1, 2), (2, 3), (3, 1)], [(1, 2, 3)]),
        ([(3, 1), (1, 3), (3, 2), (2, 4), (4, 3)], [(1, 3), (2, 4, 3)]),
        ([(1, 2), (2, 1), (5, 6), (6, 5), (2, 5)], [(1, 2), (5, 6)]),
    ],
)
def test_loops_are_found_once_and_the_shortest_first(pairs, found):
    assert loops(pairs) == found


@pytest.fixture
def waits(world):
    """Kent waits for Essex, Essex for the Home Office, the Home Office for Kent.

    Surrey asked Kent, which answered on the ninth working day, and Norfolk asked Essex, which
    answered on the eleventh. Kent has also cancelled a request to Surrey after two days.
    """
    now, kent, essex = world.now, world.forces["Kent"], world.forces["Essex"]
    lead = world.assignment("Home Office", 3)

    def ago(days: int) -> datetime:  # from Wednesday 25 November 2026
        return now - timedelta(days=days)

    ask(world.assignment("Kent", 3), essex, at=ago(40), by=world.officer)
    ask(world.assignment("Essex", 3), world.lead, at=ago(30))
    ask(lead, kent, at=ago(20), by=world.lead_officer)
    surrey = ask(world.assignment("Surrey", 3), kent, at=ago(35))
    answer(surrey, "done", at=ago(22), by=world.officer)
    norfolk = ask(world.assignment("Norfolk", 3), essex, at=ago(35))
    answer(norfolk, "accepted", at=ago(20), promised_on=london_day(ago(-3)))
    add_joint_action(world.assignment("Norfolk", 3), world.forces["Surrey"], at=ago(9))
    cancelled = ask(world.assignment("Kent", 2), world.forces["Surrey"], at=ago(28))
    answer(cancelled, "cancelled", at=ago(26), by=world.officer)
    return world


def test_the_measures_of_a_small_world_are_those_worked_out_by_hand(
    client, waits, django_assert_num_queries
):
    on = london_day(waits.now)
    with django_assert_num_queries(11):
        before, now = fragmentation_on(waits.inspection, [on - timedelta(days=21), on])
    # Between forces, due by now: Kent (none), Surrey (in time), Norfolk (late). One was cancelled.
    assert now.answered == Share(1, 3)
    # Kent, Essex, the Home Office and Norfolk wait, of 15 less one implemented and one claim.
    assert now.waiting == Share(4, 13)
    assert now.median_days == median([40, 30, 20, 35])
    assert (before.joint, now.joint) == (Share(0, 4), Share(2, 4))  # Norfolk and Surrey
    assert before.answered == Share(0, 1)  # the tenth working day of two was still to end
    assert before.waiting == Share(3, 13)
    assert before.median_days == median([19, 9, 14])
    headers = {"Authorization": f"Bearer {token_of(waits.observer)}"}
    row = client.get("/api/v1/fragmentation", headers=headers).json()["items"][-1]
    assert (row["answered_in_time"], row["answers_due"]) == (1, 3)
    assert (row["assignments_waiting"], row["median_waiting_days"]) == (4, 32.5)
    claim(waits.assignment("Norfolk", 3), at=waits.now)
    (after,) = fragmentation_on(waits.inspection, [on])
    assert after.waiting == Share(3, 12)


def test_the_pages_show_loops_the_longest_wait_first_and_texts_to_those_who_may_read(
    client, waits, django_assert_max_num_queries
):
    client.force_login(waits.observer)
    with django_assert_max_num_queries(25):
        page = text_of(client.get(reverse("waiting")))
    loop = "Kent waits for Essex, Essex for Home Office, Home Office for Kent"
    assert loop in page or any(
        f"{a} waits for {b}, {b} for {c}, {c} for {a}." in page
        for a, b, c in (("Essex", "Home Office", "Kent"), ("Home Office", "Kent", "Essex"))
    )
    assert "4 requests wait for another organisation, 3 of them late" in page
    assert "Kent waits for Essex, 40 days" in page
    assert "Send the analysis of the lines." not in page
    past = text_of(client.get(reverse("waiting"), {"as_at": "2026-10-18"}))
    assert "Kent waits for Essex, 2 days" in past
    assert "Essex waits for Home Office" not in past
    client.force_login(OfficerFactory(body=waits.forces["Norfolk"]))
    own = text_of(client.get(reverse("waiting_of", args=["norfolk"])))
    assert "Norfolk waits for 1 answer. 0 requests to it wait, 0 of them late." in own
    assert "Send the analysis of the lines." in own
    with django_assert_max_num_queries(30):
        page = text_of(client.get(reverse("fragmentation")))
    assert "1 of 3 requests of a force to another force were answered" in page
    file = client.get("/downloads/fragmentation/measures.csv")
    assert "Answered in time" in b"".join(file).decode()


def test_a_renamed_force_keeps_its_requests_and_a_past_day_its_old_name(client, waits):
    rename_body(
        body=waits.forces["Essex"],
        name="Thames Mouth Police",
        short_name="Thames Mouth",
        since=date(2026, 11, 20),
        by=waits.administrator,
        at=waits.now,
    )
    client.force_login(waits.analyst)
    page = text_of(client.get(reverse("waiting")))
    assert "Kent waits for Thames Mouth, 40 days" in page
    past = text_of(client.get(reverse("waiting"), {"as_at": "2026-11-10"}))
    assert "Kent waits for Essex, 25 days" in past


def test_the_successor_of_a_merged_force_has_its_requests_and_past_days_keep_them(client, waits):
    essex, surrey = waits.forces["Essex"], waits.forces["Surrey"]
    record_body_end(
        body=essex,
        ends_on=london_day(waits.now),
        successor=surrey,
        reason="The merger order.",
        corrects=None,
        by=waits.administrator,
        at=waits.now,
    )
    officer = OfficerFactory(body=surrey)
    client.force_login(officer)
    page = text_of(client.get(reverse("waiting")))
    assert "Kent waits for Surrey, 40 days" in page
    assert "Surrey waits for Home Office, 30 days" in page
    past = text_of(client.get(reverse("waiting"), {"as_at": "2026-11-10"}))
    assert "Kent waits for Essex, 25 days" in past
    waits.inspection.refresh_from_db()
    assert waiting_counts(waits.inspection, officer).body_requests == 3  # one to confirm
    request = essex.body_requests.earliest("requested_at")
    assert client.get(reverse("body_request", args=[request.pk])).status_code == 200
    answer(request, "done", at=timezone.now(), by=officer)


@given(st.data())
def test_random_histories_have_the_measures_of_an_oracle(data):
    """Forces are 1 to 4 in two regions, 9 is national; each request has its own assignment."""
    on = START.date() + timedelta(days=data.draw(st.integers(0, 60)))
    rows, made = [], []
    for number in range(data.draw(st.integers(0, 6))):
        asker, asked = data.draw(st.permutations([1, 2, 3, 4, 9]))[:2]
        asked_at = START + timedelta(days=data.draw(st.integers(0, 40)))
        if asked_at.date() > on:
            continue
        kinds = data.draw(
            st.sampled_from(
                ["", "done", "accepted done confirmed", "declined returned", "cancelled"]
            )
        ).split()
        events, at = [], asked_at
        for kind in kinds:
            at += timedelta(days=data.draw(st.integers(0, 20)))
            if at.date() <= on:
                events.append(Made(kind, at, at.date() if kind == "accepted" else None))
        made.append((number, asker, asked, asked_at, events))
        rows.append(
            RequestRow(
                pk=number,
                assignment_id=number,
                asker_id=asker,
                asked_id=asked,
                reference="1",
                title="",
                theme="",
                kind="",
                text="",
                state=state_of(asked_at, events),
                on=on,
            )
        )
    is_open = {number for number, *_ in made if number % 3}
    found = fragmentation(
        rows,
        on=on,
        forces={1, 2, 3, 4},
        open_assignments=is_open,
        open_count=len(is_open),
        joint=Share(0, 0),
    )
    due = [m for m in made if 9 not in m[1:3] and is_past_tenth_day(m[3].date(), on)]
    due = [m for m in due if not is_cancelled_in_time(m)]
    assert found.answered == Share(sum(map(is_in_time, due)), len(due))
    waiting = [m for m in made if m[0] in is_open and oracle_waits(m[4], on)]
    assert found.waiting == Share(len(waiting), len(is_open))
    days = [waited(m, on) for m in waiting]
    assert found.median_days == (median(days) if days else None)
    pairs = by_region_pair(rows, {1: "East", 2: "East", 3: "West", 4: "West"})
    assert sum(share.total for share in pairs.values()) == len(due)
    assert sum(share.count for share in pairs.values()) == found.answered.count


def working_days(first: date, last: date) -> int:
    days = (first + timedelta(days=n + 1) for n in range((last - first).days))
    return sum(map(is_working_day, days))


def is_past_tenth_day(first: date, on: date) -> bool:
    return on > first and working_days(first, on - timedelta(days=1)) >= 10


def is_in_time(item) -> bool:
    answers = [e for e in item[4] if e.kind not in {"cancelled", "confirmed", "returned"}]
    return bool(answers) and not is_past_tenth_day(item[3].date(), answers[0].happened_at.date())


def is_cancelled_in_time(item) -> bool:
    kinds = [event.kind for event in item[4]]
    return kinds == ["cancelled"] and not is_past_tenth_day(
        item[3].date(), item[4][0].happened_at.date()
    )


def waited(item, on: date) -> int:
    first = item[3].date()
    days = (first + timedelta(days=n) for n in range((on - first).days))
    return sum(oracle_waits(item[4], day) for day in days)


def test_the_days_of_the_charts_are_the_ends_of_months_and_the_day_itself():
    assert days_to(date(2026, 3, 15), first=date(2026, 1, 10)) == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 15)
    ]  # fmt: skip
    assert days_to(date(2026, 2, 28), first=date(2026, 2, 1)) == [date(2026, 2, 28)]
