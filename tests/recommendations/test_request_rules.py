"""Whose turn it is: worked out by hand, and against an oracle that goes day by day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recommendations.request_rules import Turn, state_of
from recommendations.working_days import is_working_day

START = datetime(2026, 3, 27, 10, tzinfo=UTC)  # the Friday before the week before Easter


@dataclass(frozen=True)
class Made:
    kind: str
    happened_at: datetime
    promised_on: date | None = None


def made(kind: str, days: int, promised: int | None = None) -> Made:
    at = START + timedelta(days=days)
    return Made(kind, at, START.date() + timedelta(days=promised) if promised else None)


def test_ten_working_days_leave_out_weekends_and_bank_holidays():
    state = state_of(START, [])
    assert state.due_on == date(2026, 4, 14)  # with Good Friday and Easter Monday
    assert not state.is_late(on=date(2026, 4, 14))
    assert state.is_late(on=date(2026, 4, 15))
    assert state.waiting_days(on=date(2026, 4, 15)) == 19
    assert state_of(START, [made("declined", 18)]).is_answered_in_time
    assert not state_of(START, [made("declined", 19)]).is_answered_in_time


def test_waiting_stops_while_the_asker_has_to_confirm_and_goes_on_when_it_objects():
    events = [made("accepted", 2, promised=30), made("done", 8), made("returned", 20)]
    accepted, done, returned = (state_of(START, events[:count]) for count in (1, 2, 3))
    assert (accepted.turn, accepted.due_on) == (Turn.ASKED, date(2026, 4, 26))
    assert (done.turn, done.waiting_days(on=date(2026, 12, 1))) == (Turn.ASKER, 8)
    assert (returned.turn, returned.waiting_days(on=date(2026, 4, 20))) == (Turn.ASKED, 12)
    again = state_of(START, [*events, made("disputed", 25)])
    assert again.allowed(is_asker=True) == ("confirmed",)  # it has objected once
    assert again.waiting_days(on=date(2026, 12, 1)) == 13
    closed = state_of(START, [*events, made("disputed", 25), made("confirmed", 26)])
    assert closed.turn is Turn.CLOSED
    assert closed.allowed(is_asker=True) == closed.allowed(is_asker=False) == ()
    assert closed.waiting_days(on=date(2026, 12, 1)) == 13


@given(st.data())
def test_random_histories_agree_with_an_oracle_that_counts_day_by_day(data):
    events: list[Made] = []
    day, kinds = 0, ""
    while True:
        allowed = oracle_allowed(kinds)
        if not allowed or len(events) == 7 or data.draw(st.booleans()):
            break
        kind = data.draw(st.sampled_from(sorted(allowed)))
        day += data.draw(st.integers(0, 25))
        events.append(made(kind, day, promised=day + 5 if kind == "accepted" else None))
        kinds += f"{kind} "
    on = day + data.draw(st.integers(0, 30))
    state = state_of(START, events)
    assert set(state.allowed(is_asker=True)) | set(state.allowed(is_asker=False)) == set(allowed)
    waited = sum(oracle_waits(events, START.date() + timedelta(days=n)) for n in range(on))
    assert state.waiting_days(on=START.date() + timedelta(days=on)) == waited
    answers = [e for e in events if e.kind in {"accepted", "done", "declined", "disputed"}]
    first = answers[0].happened_at.date() if answers else None
    assert state.answered_on == first
    if first is not None:
        between = range(1, (first - START.date()).days)  # the days between request and answer
        days = (START.date() + timedelta(days=n) for n in between)
        assert state.is_answered_in_time == (sum(map(is_working_day, days)) < 10)


def oracle_allowed(kinds: str) -> set[str]:
    """Return what can follow these kinds, by the sentences of the rules."""
    last = kinds.split()[-1] if kinds else ""
    if last in {"confirmed", "cancelled"}:
        return set()
    if last in {"done", "declined", "disputed"}:
        return {"confirmed"} if "returned" in kinds else {"confirmed", "returned"}
    answers = {"done", "declined", "disputed", "cancelled"}
    return answers if last == "accepted" else answers | {"accepted"}


def oracle_waits(events: list[Made], on: date) -> bool:
    """Return whether the asker waited for the other side at the end of a day."""
    last = [event.kind for event in events if event.happened_at.date() <= on][-1:]
    return last in ([], ["accepted"], ["returned"])
