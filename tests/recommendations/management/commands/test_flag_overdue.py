from django.core.management import call_command


def test_the_command_says_what_it_did(db, capsys):
    call_command("flag_overdue", "--on", "2026-07-01")
    assert capsys.readouterr().out.startswith("Flags on 1 July 2026: ")
