"""The job that raises flags: the right episodes, once, with the right dates."""

from datetime import date, timedelta

import pytest

from recommendations import jobs
from recommendations.models import FlagEpisode
from recommendations.rules import Flag
from tests.factories import ASSIGNED_AT, AssignmentFactory, accept, claim, submit

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 30)
NEXT_DAY = DUE + timedelta(days=1)


@pytest.fixture
def assignments():
    """Three that are due on one day (open, waiting for review, implemented) and a later one."""
    in_progress, waiting, done = (AssignmentFactory(original_due_on=DUE) for _ in range(3))
    later = AssignmentFactory(original_due_on=DUE + timedelta(days=90))
    at = ASSIGNED_AT + timedelta(days=150)
    submit(in_progress, at=at)
    claim(waiting, at=at)
    accept(claim(done, at=at), at=at)
    submit(later, at=at)
    return {"open": in_progress, "waiting": waiting, "done": done, "later": later}


def overdue_episodes():
    return FlagEpisode.objects.filter(flag=Flag.OVERDUE)


def test_on_the_due_date_nothing_is_overdue(assignments):
    jobs.flag_overdue(on=DUE)
    assert not overdue_episodes().exists()


def test_the_flag_is_raised_the_day_after_the_due_date_and_only_where_it_applies(assignments):
    jobs.flag_overdue(on=NEXT_DAY)
    (episode,) = overdue_episodes()
    assert episode.assignment == assignments["open"]
    assert (episode.raised_on, episode.cleared_on) == (NEXT_DAY, None)


def test_a_second_run_changes_nothing(assignments):
    jobs.flag_overdue(on=NEXT_DAY)
    before = list(FlagEpisode.objects.order_by("pk").values())
    assert jobs.flag_overdue(on=NEXT_DAY) == "Flags on 1 July 2026: 0 raised, 0 cleared."
    assert list(FlagEpisode.objects.order_by("pk").values()) == before


def test_episodes_of_missed_nights_get_the_right_dates(assignments):
    jobs.flag_overdue(on=NEXT_DAY + timedelta(days=10))
    assert overdue_episodes().get().raised_on == NEXT_DAY
    due_soon = FlagEpisode.objects.get(flag=Flag.DUE_SOON, assignment=assignments["open"])
    assert (due_soon.raised_on, due_soon.cleared_on) == (DUE - timedelta(days=28), NEXT_DAY)
