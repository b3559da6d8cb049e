"""The commands that check whether stored data is correct."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from recommendations.models import Assignment


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


def test_a_broken_trail_is_named(world):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE forces_auditevent SET act = 'nothing' WHERE position = 2")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(CommandError, match="broken at event 2"):
        call_command("check_audit")
