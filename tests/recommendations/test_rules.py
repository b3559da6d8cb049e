"""Each rule as a sentence; and its SQL and Python forms are equal."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommendations import lateness, rules
from recommendations.models import Assignment
from recommendations.rules import FLAG_RULES, OPEN, Confidence, Flag, LondonDay, Status
from tests.factories import AssignmentFactory

DUE = date(2026, 12, 31)


def state(**fields) -> Assignment:
    """Return an unsaved assignment in progress, due at the end of the year."""
    heard_at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    defaults = {"status": Status.IN_PROGRESS, "due_on": DUE, "heard_at": heard_at}
    return Assignment(**defaults | fields)


def test_an_assignment_due_on_31_december_is_overdue_from_1_january_in_london():
    last_minute = datetime(2026, 12, 31, 23, 59, tzinfo=rules.LONDON)
    assert not rules.is_overdue(state(), on=rules.london_day(last_minute))
    first_minute = last_minute + timedelta(minutes=1)
    assert rules.is_overdue(state(), on=rules.london_day(first_minute))


def test_a_summer_day_begins_while_utc_is_still_in_the_day_before():
    due = date(2026, 6, 30)
    midnight = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert rules.london_day(midnight) == date(2026, 7, 1)
    assert rules.is_overdue(state(due_on=due), on=rules.london_day(midnight))
    assert rules.start_of_day(date(2026, 7, 1)) == midnight


@given(
    published_on=st.dates(date(2019, 1, 1), date(2032, 1, 1)),
    responded_after=st.none() | st.integers(0, 90),
    after=st.integers(0, 90),
)
@example(date(2020, 1, 10), None, 55)
@example(date(2020, 1, 10), 56, 56)
def test_a_response_is_late_from_day_57_where_day_1_is_the_publication(
    published_on, responded_after, after
):
    """The day is numbered by counting one day after the other."""
    on = published_on + timedelta(days=after)
    responded_on = None
    if responded_after is not None:
        responded_on = published_on + timedelta(days=responded_after)
    days = [published_on + timedelta(days=number) for number in range(56)]
    has_responded = responded_on is not None and responded_on <= on
    until = responded_on if has_responded else on
    facts = {"published_on": published_on, "responded_on": responded_on, "on": on}
    assert rules.response_due_on(published_on) == days[-1]
    assert rules.is_response_overdue(**facts) is (not has_responded and on not in days)
    assert rules.response_days_late(**facts) == max((until - days[-1]).days, 0)


def test_comments_on_the_report_of_10_january_2020_were_due_by_5_march():
    assert rules.response_due_on(date(2020, 1, 10)) == date(2020, 3, 5)


@pytest.mark.parametrize("status", [Status.IMPLEMENTED, Status.WITHDRAWN])
def test_a_closed_assignment_is_never_overdue(status):
    assert not rules.is_overdue(state(status=status), on=date(2030, 1, 1))


def test_an_assignment_has_no_flags_while_a_claim_awaits_review():
    waiting = state(status=Status.EVIDENCE_SUBMITTED)
    assert rules.flags(waiting, on=date(2030, 1, 1)) == frozenset()


def test_days_overdue_count_from_the_due_date():
    assert rules.days_overdue(state(), on=date(2027, 1, 31)) == 31
    assert rules.days_overdue(state(), on=DUE) == 0


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 12, 2), False), (date(2026, 12, 3), True), (DUE, True), (date(2027, 1, 1), False)],
)
def test_an_assignment_is_due_soon_from_28_days_before_until_its_due_date(on, expected):
    assert (Flag.DUE_SOON in rules.flags(state(), on=on)) is expected


def test_an_assignment_is_stale_after_35_days_without_an_update():
    heard_at = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # the night the clocks went back
    stale = state(heard_at=heard_at)
    assert Flag.STALE not in rules.flags(stale, on=date(2026, 11, 28))
    assert Flag.STALE in rules.flags(stale, on=date(2026, 11, 29))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"forecast_on": DUE}, False),
        ({"forecast_on": DUE + timedelta(days=1)}, True),
        ({"confidence": Confidence.RED}, True),
        ({"confidence": Confidence.RED, "status": Status.IMPLEMENTED}, False),
    ],
)
def test_a_late_forecast_or_red_confidence_means_at_risk(fields, expected):
    assert (Flag.AT_RISK in rules.flags(state(**fields), on=date(2026, 12, 1))) is expected


def test_a_claim_on_the_due_date_is_on_time_and_a_minute_later_is_late():
    on_time = datetime(2026, 12, 31, 23, 59, tzinfo=rules.LONDON)
    assert not lateness.is_late_claim(claimed_at=on_time, due_on=DUE)
    assert lateness.is_late_claim(claimed_at=on_time + timedelta(minutes=1), due_on=DUE)


def test_bank_holidays_and_weekends_do_not_count_for_reviews():
    # Friday 18 December 2026; 25 December and the substitute Boxing Day on the 28th are off.
    claimed_at = datetime(2026, 12, 18, 12, tzinfo=UTC)
    assert lateness.review_due_on(claimed_at=claimed_at) == date(2027, 1, 6)
    assert not lateness.is_late_review(claimed_at=claimed_at, on=date(2027, 1, 6))
    assert lateness.is_late_review(claimed_at=claimed_at, on=date(2027, 1, 7))


def test_a_review_on_the_saturday_after_its_last_day_is_late():
    claimed_at = datetime(2026, 11, 6, 12, tzinfo=UTC)
    assert lateness.review_due_on(claimed_at=claimed_at) == date(2026, 11, 20)
    assert lateness.is_late_review(claimed_at=claimed_at, on=date(2026, 11, 21))


def test_only_a_waiting_or_accepted_claim_is_late():
    after = {"heard_at": datetime(2027, 1, 1, 12, tzinfo=UTC)}
    late = {status for status in Status if lateness.is_late(state(status=status, **after))}
    assert late == {Status.EVIDENCE_SUBMITTED, Status.IMPLEMENTED}
    assert not lateness.is_late(state(status=Status.IMPLEMENTED))


DAYS = st.dates(date(2023, 12, 1), date(2028, 4, 1))
EDGES = st.sampled_from(
    [
        datetime(2024, 2, 29, 12, tzinfo=UTC),  # leap day
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),  # the last second before the clocks go on
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # half past one, the first time
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # half past one, the second time
        datetime(2026, 6, 30, 23, 30, tzinfo=UTC),  # London is in July
        datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
    ]
)
INSTANTS = EDGES | st.datetimes(
    min_value=datetime(2023, 12, 1),  # noqa: DTZ001 (the zone is added)
    max_value=datetime(2028, 4, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.django_db
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    status=st.sampled_from(Status.values),
    due_on=DAYS,
    heard_at=INSTANTS,
    forecast_on=st.none() | DAYS,
    confidence=st.sampled_from(["", *Confidence.values]),
    shift=st.sampled_from([-29, -28, -27, -1, 0, 1, 34, 35, 36]) | st.integers(-40, 40),
    counted_from=st.sampled_from(["due", "heard"]),
)
@example("in_progress", date(2024, 2, 29), datetime(2024, 1, 25, tzinfo=UTC), None, "", 1, "due")
def test_each_rule_is_the_same_in_sql_and_in_python(
    status, due_on, heard_at, forecast_on, confidence, shift, counted_from
):
    assignment = _the_assignment()
    Assignment.objects.filter(pk=assignment.pk).update(
        status=status,
        due_on=due_on,
        assigned_at=heard_at,
        heard_at=heard_at,
        changed_at=heard_at,
        forecast_on=forecast_on,
        confidence=confidence,
    )
    assignment.refresh_from_db()
    on = (due_on if counted_from == "due" else rules.london_day(heard_at)) + timedelta(days=shift)

    queryset = Assignment.objects.filter(pk=assignment.pk)
    for rule in FLAG_RULES.values():
        in_python = rule.applies(assignment, on=on)
        assert queryset.filter(rule.matches(on=on)).exists() is in_python, rule.flag
        if on >= rules.london_day(heard_at):
            spell = queryset.filter(rule.state).annotate(begins=rule.begins).filter(begins__lte=on)
            if rule.ends is not None:
                spell = spell.annotate(ends=rule.ends).filter(ends__gt=on)
            assert spell.exists() is in_python, f"the days of {rule.flag}"
    is_late_review = lateness.has_late_review(assignment, on=on)
    assert queryset.filter(lateness.late_review(on=on)).exists() is is_late_review
    day = queryset.annotate(day=LondonDay("heard_at")).values_list("day", flat=True).get()
    assert day == rules.london_day(heard_at)


def _the_assignment() -> Assignment:
    return Assignment.objects.first() or AssignmentFactory()


def test_every_flag_has_a_rule_and_three_statuses_are_not_open():
    assert set(FLAG_RULES) == set(Flag)
    assert set(Status) - OPEN == {
        Status.EVIDENCE_SUBMITTED,
        Status.IMPLEMENTED,
        Status.WITHDRAWN,
    }
