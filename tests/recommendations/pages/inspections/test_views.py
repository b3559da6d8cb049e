"""Adding an inspection: check, then confirm; and the command that does the same."""

import csv
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from forces.models import AuditEvent
from recommendations.imports.inspection_sheet import COLUMNS
from recommendations.models import Assignment, Inspection

PATH = "/inspections/"
CELLS = {
    "number": "1",
    "title": "Custody checks",
    "text": "Check each person in custody.",
    "text_is_verbatim": "no",
    "lead": "home-office",
    "due": "within six months",
    "theme": "Custody",
    **dict.fromkeys(("gist", "addressee", "deadline", "wording"), "unconfirmed"),
    "force_ask": "Check each person.",
    "force_done_when": "All are checked.",
    "forces": "kent; essex",
}


def sheet(**cells: str) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerow(CELLS | cells)
    return file.getvalue()


def fields(**changes: str) -> dict[str, str]:
    return {
        "title": "Custody",
        "publisher": "HMICFRS",
        "slug": "custody-2020",
        "published_on_day": "1",
        "published_on_month": "9",
        "published_on_year": "2020",
        "rows": sheet(),
    } | changes


def test_an_administrator_adds_an_inspection_after_a_preview(client, world):
    client.force_login(world.administrator)
    preview = client.post(PATH, fields())
    assert "assignments: 3" in preview.text
    assert "1 March 2021" in preview.text
    assert Inspection.objects.get() == world.inspection
    without = sheet().replace(",forces", "").replace(",kent; essex", "")
    assert "assignments: 5" in client.post(PATH, fields(rows=without)).text
    response = client.post(PATH, fields(rows=preview.context["hidden"]["rows"], action="add"))
    assert response["Location"] == "/inspections/custody-2020/"
    added = Inspection.objects.get(slug="custody-2020")
    assert (added.title, added.published_on, added.is_synthetic) == (
        "Custody",
        date(2020, 9, 1),
        True,
    )
    assert Assignment.objects.filter(recommendation__inspection=added).count() == 3
    event = AuditEvent.objects.get(act="register loaded")
    assert (event.actor, event.subject_id) == (world.administrator, str(added.pk))
    assert client.get("/inspections/custody-2020/forces/kent/1/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"rows": sheet(forces="kent;atlantis")}, "&#x27;atlantis&#x27; is no organisation here"),
        ({"rows": sheet(due="2020-08-31")}, "This is before the inspection was published"),
        ({"slug": "add it"}, "Use small letters, digits and hyphens only"),
        ({"published_on_year": "2999"}, "must be today or in the past"),
        ({"rows": ""}, "Select a file or paste rows"),
    ],
)
def test_an_inspection_with_errors_is_not_added(client, world, changes, error):
    client.force_login(world.administrator)
    page = client.post(PATH, fields(**changes, action="add"))
    assert error in page.text
    assert Inspection.objects.get() == world.inspection


def test_a_name_in_addresses_is_taken_once(client, world):
    client.force_login(world.administrator)
    page = client.post(PATH, fields(slug=world.inspection.slug, action="add"))
    assert "already an inspection with this name" in page.text


def test_the_command_writes_only_if_told_to(world, tmp_path, capsys):
    file = tmp_path / "custody.csv"
    file.write_text(sheet())
    arguments = ["load_inspection", str(file), "--slug=custody", "--title=Custody"]
    arguments += ["--published-on=2020-09-01"]
    call_command(*arguments)
    assert "Assignments: 3 added" in capsys.readouterr().out
    assert not Inspection.objects.filter(slug="custody").exists()
    call_command(*arguments, "--write")
    assert Inspection.objects.filter(slug="custody").exists()
    capsys.readouterr()
    call_command(*arguments, "--write")
    assert "Recommendations: 0 added, 0 changed, 1 left" in capsys.readouterr().out
    file.write_text(sheet(lead="atlantis"))
    with pytest.raises(CommandError, match=r"custody.csv, row 2, column lead: 'atlantis'"):
        call_command(*arguments, "--write")
