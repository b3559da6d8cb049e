"""Digests by hand, on the command line."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from recommendations.actions.email_preferences import set_email_preferences
from recommendations.emails.digests.week import Week
from recommendations.models import Digest, EmailPreference
from recommendations.readers import readers
from recommendations.rules import london_day

WEEK = Week.of(london_day(timezone.now()))


def test_a_second_run_sends_nothing(world, smtp, capsys):
    call_command("send_digests", week=str(WEEK))
    assert f"Digests for the {WEEK.label}: 7 created. Emails: 7 sent" in capsys.readouterr().out
    call_command("send_digests", week=str(WEEK))
    assert "0 created. Emails: 0 sent" in capsys.readouterr().out
    assert len(smtp.accepted) == readers(on=london_day(timezone.now())).count()


def test_a_dry_run_lists_the_digests_and_saves_nothing(world, capsys):
    by = world.analyst
    set_email_preferences(
        reader=by, weekly=EmailPreference.Weekly.NEVER, at_once=True, by=by, at=world.now
    )
    call_command("send_digests", "--dry-run")
    out = capsys.readouterr().out
    assert "[Demonstration] Kent: 1 overdue" in out
    assert f"{world.analyst.email}: {Digest.Outcome.UNWANTED.label}" in out
    assert f"6 digests for {WEEK} would be sent." in out
    assert not Digest.objects.exists()


def test_a_text_that_is_not_a_week_is_an_error():
    with pytest.raises(CommandError, match="not an ISO week"):
        call_command("send_digests", week="next")


@pytest.mark.parametrize("other", [WEEK.before, WEEK.after])
def test_only_this_week_can_be_sent(world, other):
    with pytest.raises(CommandError, match="not this week"):
        call_command("send_digests", week=str(other))
    assert not Digest.objects.exists()
