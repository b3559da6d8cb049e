from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.actions.change_due_date import change_due_date
from recommendations.models import Assignment
from recommendations.positions import flag_episodes
from recommendations.rules import Flag
from tests.factories import AssignmentFactory, UserFactory


@pytest.mark.django_db
def test_a_nightly_job_and_a_single_late_one_write_the_same_episodes():
    nightly, late = AssignmentFactory(), AssignmentFactory()
    first, last = date(2026, 1, 10), date(2027, 2, 1)
    for shift in range((last - first).days + 1):
        day = first + timedelta(days=shift)
        flag_episodes.settle(Assignment.objects.filter(pk=nightly.pk), on=day)
    flag_episodes.settle(Assignment.objects.filter(pk=late.pk), on=last)

    def episodes(assignment):
        return list(
            assignment.flag_episodes.order_by("raised_on", "flag").values_list(
                "flag", "raised_on", "cleared_on"
            )
        )

    assert episodes(nightly) == episodes(late)
    assert episodes(late) == [
        (Flag.STALE, date(2026, 2, 14), None),
        (Flag.DUE_SOON, date(2026, 12, 3), date(2027, 1, 1)),
        (Flag.OVERDUE, date(2027, 1, 1), None),
    ]
    again = flag_episodes.settle(Assignment.objects.all(), on=last)
    assert again == flag_episodes.Settled(0, 0)


@pytest.mark.django_db
def test_a_due_date_moved_into_the_past_ends_due_soon_on_the_day_of_the_change():
    assignment = AssignmentFactory()  # due on 31 December 2026
    on = date(2026, 12, 20)
    change_due_date(
        assignment=assignment,
        to=date(2026, 11, 30),
        reason="Agreed.",
        by=UserFactory(),
        at=datetime(2026, 12, 20, 12, tzinfo=UTC),
    )
    episodes = assignment.flag_episodes.exclude(flag=Flag.STALE).order_by("raised_on")
    assert list(episodes.values_list("flag", "raised_on", "cleared_on", "cleared_because")) == [
        (Flag.DUE_SOON, date(2026, 12, 3), on, "due date changed"),
        (Flag.OVERDUE, on, None, ""),
    ]
