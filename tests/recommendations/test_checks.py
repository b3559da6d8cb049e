"""The commands that check whether stored data is correct."""

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Assignment
from tests.database import as_superuser


def test_right_positions_and_a_whole_trail_say_so(world, capsys):
    call_command("check_positions")
    call_command("check_audit")
    out = capsys.readouterr().out
    assert "15 positions are right." in out
    assert "No tampering found" in out


def test_a_wrong_position_is_named(world, capsys):
    essex = world.assignment("Essex", 1)
    Assignment.objects.filter(pk=essex.pk).update(confidence="red")
    with pytest.raises(CommandError, match="1 position differ"):
        call_command("check_positions")
    assert "Essex: 1. One intelligence picture differs" in capsys.readouterr().err


def test_a_broken_trail_is_named(world, capsys):
    as_superuser("UPDATE forces_auditevent SET act = 'nothing' WHERE position = 2")
    with pytest.raises(CommandError, match="is broken: 1 finding"):
        call_command("check_audit")
    assert "Event 2 was altered." in capsys.readouterr().err
