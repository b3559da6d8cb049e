"""The digests by hand, on the command line."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from recommendations.actions.email_preferences import choose_mail
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, MailChoice
from recommendations.readers import readers
from recommendations.rules import london_day
from tests.world import World, make_world

WEEK = Week.of(london_day(timezone.now()))


@pytest.fixture
def world(db) -> World:
    return make_world()


def test_it_sends_once_and_says_so(world, smtp, capsys):
    call_command("send_digests", week=str(WEEK))
    assert "6 made. Emails: 6 sent" in capsys.readouterr().out
    call_command("send_digests", week=str(WEEK))
    assert "0 made. Emails: 0 sent" in capsys.readouterr().out
    assert len(smtp.accepted) == readers().count()


def test_a_dry_run_lists_and_writes_nothing(world, capsys):
    by = world.analyst
    choose_mail(reader=by, weekly=MailChoice.Weekly.NEVER, at_once=True, by=by, at=world.now)
    call_command("send_digests", "--dry-run")
    out = capsys.readouterr().out
    assert f"{world.officer.email}: [Demonstration] Kent: 1 overdue" in out
    assert f"{world.analyst.email}: Wants no weekly mail" in out
    assert "5 digests of" in out
    assert not Digest.objects.exists()


def test_a_week_that_is_none_is_refused():
    with pytest.raises(CommandError, match="not an ISO week"):
        call_command("send_digests", week="next")


@pytest.mark.parametrize("other", [WEEK.before, WEEK.after])
def test_no_week_but_this_can_be_sent(world, other):
    with pytest.raises(CommandError, match="not this week"):
        call_command("send_digests", week=str(other))
    assert not Digest.objects.exists()
