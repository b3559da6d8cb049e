"""The nightly job: exactly the right episodes, once, dated rightly."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from recommendations import jobs
from recommendations.models import FlagEpisode
from recommendations.rules import Flag
from tests.factories import ASSIGNED_AT, AssignmentFactory, accept, claim, submit

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 30)
NEXT_DAY = DUE + timedelta(days=1)


@pytest.fixture
def assignments():
    """Due on one day: open, waiting for review, implemented; and one that is due later."""
    open_one, waiting, done = (AssignmentFactory(original_due_on=DUE) for _ in range(3))
    later = AssignmentFactory(original_due_on=DUE + timedelta(days=90))
    at = ASSIGNED_AT + timedelta(days=150)
    submit(open_one, at=at)
    claim(waiting, at=at)
    accept(claim(done, at=at), at=at)
    submit(later, at=at)
    return {"open": open_one, "waiting": waiting, "done": done, "later": later}


def overdue():
    return FlagEpisode.objects.filter(flag=Flag.OVERDUE)


def test_on_the_due_date_nothing_is_overdue(assignments):
    jobs.flag_overdue(on=DUE)
    assert not overdue().exists()


def test_the_day_after_a_due_date_raises_exactly_the_right_episodes(assignments):
    jobs.flag_overdue(on=NEXT_DAY)
    (episode,) = overdue()
    assert episode.assignment == assignments["open"]
    assert (episode.raised_on, episode.cleared_on) == (NEXT_DAY, None)


def test_running_it_twice_changes_nothing(assignments):
    jobs.flag_overdue(on=NEXT_DAY)
    before = list(FlagEpisode.objects.order_by("pk").values())
    assert jobs.flag_overdue(on=NEXT_DAY) == "Flags on 1 July 2026: 0 raised, 0 cleared."
    assert list(FlagEpisode.objects.order_by("pk").values()) == before


def test_missed_nights_are_caught_up_and_dated_rightly(assignments):
    jobs.flag_overdue(on=NEXT_DAY + timedelta(days=10))
    assert overdue().get().raised_on == NEXT_DAY
    due_soon = FlagEpisode.objects.get(flag=Flag.DUE_SOON, assignment=assignments["open"])
    assert (due_soon.raised_on, due_soon.cleared_on) == (DUE - timedelta(days=28), NEXT_DAY)


def test_the_command_says_what_it_did(assignments, capsys):
    call_command("flag_overdue", "--on", "2026-07-01")
    assert capsys.readouterr().out.startswith("Flags on 1 July 2026: ")
