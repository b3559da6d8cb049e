"""The register's files load completely or not at all, and can be loaded again."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from forces import audit
from forces.models import AuditEvent, Body, Region, Rocu
from forces.names import body_on
from recommendations import rules
from recommendations.models import AspectCheck, Assignment, Inspection, Recommendation
from recommendations.positions import positions
from recommendations.register.folder import DATA_FOLDER
from tests.database import as_superuser
from tests.factories import ASSIGNED_AT, InspectionFactory


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the product's files, for changes."""
    return Path(shutil.copytree(DATA_FOLDER, tmp_path / "data"))


def change_row(file: Path, *, row: int, **cells: str) -> None:
    """Write other cells into one row (the header is row 1)."""
    with file.open(newline="") as source:
        rows = list(csv.DictReader(source))
    rows[row - 2] |= cells
    with file.open("w", newline="") as target:
        writer = csv.DictWriter(target, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def load(folder: Path = DATA_FOLDER, **options) -> None:
    call_command("load_register", folder=folder, **options)


def load_error(folder: Path) -> str:
    with pytest.raises(CommandError) as error:
        load(folder)
    assert not Body.objects.exists()
    assert not Inspection.objects.exists()
    return str(error.value)


@pytest.mark.django_db
class TestTheRealRegister:
    def test_it_holds_43_forces_the_national_bodies_and_ten_recommendations(self, capsys):
        load()
        assert Body.objects.forces().count() == 43
        assert Body.objects.national().count() == 9
        assert Body.objects.forces().filter(local_policing_body__isnull=False).count() == 43
        assert Assignment.objects.filter(body__force__isnull=False).count() == 0
        assert (Region.objects.count(), Rocu.objects.count()) == (10, 9)
        assert Recommendation.objects.count() == 10
        assert Assignment.objects.filter(is_lead=False).count() == 430
        assert Assignment.objects.filter(is_lead=True).count() == 10
        assert not Inspection.objects.get().is_synthetic
        hampshire = Body.objects.get(slug="hampshire")
        assert body_on(hampshire, date(2022, 11, 7)).name == "Hampshire Constabulary"
        assert body_on(hampshire, date(2022, 11, 8)).name == hampshire.name
        assert "Forces: 43 added, 0 changed, 0 left as they were" in capsys.readouterr().out

    def test_it_shows_how_long_every_assignment_is_overdue(self):
        load()
        on = date(2026, 11, 23)
        current = positions.today(Inspection.objects.get(), on=on)
        assert {position.days_overdue for position in current} == {(on - date(2020, 12, 31)).days}
        assert {position.days_overdue for position in current} == {2153}

    def test_a_second_load_changes_nothing(self, capsys):
        load()
        capsys.readouterr()
        events = AuditEvent.objects.count()
        load()
        out = capsys.readouterr().out
        assert "Forces: 0 added, 0 changed, 43 left as they were" in out
        assert "Assignments: 0 added, 0 changed, 440 left as they were" in out
        assert AuditEvent.objects.count() == events

    def test_corrected_texts_stay_and_are_reported(self, capsys):
        load()
        Recommendation.objects.filter(number=1).update(title="Corrected title")
        capsys.readouterr()
        load()
        assert "recommendation 1" in capsys.readouterr().out.lower()
        assert Recommendation.objects.get(number=1).title == "Corrected title"
        load(overwrite_texts=True)
        assert Recommendation.objects.get(number=1).title == "National tasking"

    def test_a_recommendation_has_parts_of_its_own_and_may_ask_forces_nothing(self, folder):
        file = folder / "recommendations.csv"
        change_row(file, row=6, part="a", due="within six months")
        change_row(file, row=7, number="5", part="b", due="2020-11-30 (by winter)")
        change_row(file, row=8, force_ask="", force_done_when="")
        load(folder)
        parts = Recommendation.objects.filter(number=5)
        assert [(part.reference, str(part.due_on), part.due_words) for part in parts] == [
            ("5a", "2020-07-10", "within six months"),
            ("5b", "2020-11-30", "by winter"),
        ]
        assert parts[1].assignments.count() == 44
        assert Recommendation.objects.get(reference="7").assignments.get().is_lead

    def test_a_register_of_the_previous_release_gets_what_it_did_not_have(self, capsys):
        load()
        current = {row.number: row.title for row in Recommendation.objects.all()}
        as_superuser("DELETE FROM recommendations_aspectcheck")
        Recommendation.objects.update(title="Old", force_ask="", force_done_when="")
        amended = Recommendation.objects.get(number=4)
        audit.record(at=ASSIGNED_AT, act="recommendation amended", actor=None, subject=amended)
        capsys.readouterr()
        load()
        rows = Recommendation.objects.all()
        assert [row.number for row in rows if row.title == "Old"] == [4]
        assert all(row.title == current[row.number] for row in rows if row.number != 4)
        assert all(row.asks_forces for row in rows)
        assert AspectCheck.objects.count() == 40
        assert "Recommendation 4: title differ from the file" in capsys.readouterr().out

    def test_an_ask_is_never_removed_by_a_file(self, folder, capsys):
        load()
        change_row(folder / "recommendations.csv", row=2, force_ask="", force_done_when="")
        load(folder, overwrite_texts=True)
        assert Recommendation.objects.get(number=1).asks_forces
        assert "The ask was not removed" in capsys.readouterr().out

    def test_positions_are_stored_and_flags_raised(self):
        load()
        assert positions.mismatched_ids() == []
        overdue = Assignment.objects.overdue(on=date(2021, 1, 1))
        assert overdue.count() == 440
        assert not Assignment.objects.overdue(on=date(2020, 12, 31)).exists()
        assert rules.london_day(Assignment.objects.first().assigned_at) == date(2020, 1, 10)

    def test_it_does_not_load_into_a_database_with_demonstration_data(self):
        InspectionFactory(is_synthetic=True)
        with pytest.raises(CommandError, match="holds demonstration data"):
            load()


@pytest.mark.django_db
class TestABadFile:
    @pytest.mark.parametrize(
        ("file", "row", "cells", "sentence"),
        [
            (
                "recommendations.csv",
                4,
                {"lead": "kent-polic"},
                "recommendations.csv, row 4, column lead: 'kent-polic': 'kent-polic' is in neither",
            ),
            (
                "local_policing_bodies.csv",
                2,
                {"force": "atlantis"},
                "local_policing_bodies.csv, row 2, column force: 'atlantis': 'atlantis' is not in",
            ),
            (
                "local_policing_bodies.csv",
                3,
                {"force": "avon-and-somerset"},
                "local_policing_bodies.csv, row 3, column force: 'avon-and-somerset': local_pol",
            ),
            (
                "recommendations.csv",
                3,
                {"number": "1"},
                "recommendations.csv, row 3, column number: '1': recommendations.csv, row 2 has",
            ),
            (
                "recommendations.csv",
                5,
                {"due": "by winter"},
                "recommendations.csv, row 5, column due: 'by winter': “by winter” is not one day",
            ),
            (
                "recommendations.csv",
                5,
                {"due": "2020-02-30"},
                "recommendations.csv, row 5, column due: '2020-02-30': This is not a date",
            ),
            (
                "recommendations.csv",
                2,
                {"wording": "maybe"},
                "row 2, column wording: 'maybe': Select a valid choice.",
            ),
            (
                "recommendations.csv",
                2,
                {"gist": "confirmed"},
                "row 2, column gist: 'confirmed': A file cannot confirm this: two people do that",
            ),
            (
                "recommendations.csv",
                6,
                {"part": "1"},
                "row 6, column part: '1': This is not a small letter such as a.",
            ),
            (
                "recommendations.csv",
                7,
                {"force_done_when": ""},
                "row 7, column force_done_when: '': This says when the ask counts as done",
            ),
            (
                "recommendations.csv",
                8,
                {"source": ""},
                "row 8, column source: '': This is empty, but an aspect is reported",
            ),
            (
                "recommendations.csv",
                9,
                {"text_is_verbatim": "perhaps"},
                "row 9, column text_is_verbatim: 'perhaps': Select a valid choice.",
            ),
            (
                "forces.csv",
                3,
                {"slug": "avon-and-somerset"},
                "'avon-and-somerset': forces.csv, row 2 has the same slug.",
            ),
            ("forces.csv", 9, {"tile_col": "x"}, "'x': Enter a whole number."),
            ("forces.csv", 2, {"name": ""}, "row 2, column name: '': This field is required."),
        ],
    )
    def test_nothing_is_loaded_and_the_error_has_file_row_column_and_value(
        self, folder, file, row, cells, sentence
    ):
        change_row(folder / file, row=row, **cells)
        ((column, value),) = cells.items()
        error = load_error(folder)
        assert f"{file}, row {row}, column {column}: '{value}': " in error
        assert sentence in error
        assert not Recommendation.objects.exists()

    def test_the_error_has_every_problem(self, folder):
        change_row(folder / "recommendations.csv", row=4, lead="nobody", due="soon")
        change_row(folder / "forces.csv", row=2, tile_row="up")
        assert load_error(folder).count("\n") >= 3

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "forces.csv: "),
            (b"slug,name\nkent,Kent\n", "forces.csv: column short_name is missing from row 1."),
            ("slug,name\nkent,Kentë\n".encode("latin-1"), "is not UTF-8"),
            (b"PK\x03\x04\x00\x00", "forces.csv: "),
        ],
    )
    def test_a_file_that_is_not_csv_is_an_error(self, folder, content, sentence):
        (folder / "forces.csv").write_bytes(content)
        assert sentence in load_error(folder)

    def test_an_incomplete_row_is_an_error(self, folder):
        with (folder / "forces.csv").open("a") as file:
            file.write("kent,Kent\n")
        assert load_error(folder).endswith("forces.csv: row 45 has 2 cells instead of 11.")

    def test_a_missing_file_is_an_error(self, folder):
        (folder / "national_bodies.csv").unlink()
        assert "national_bodies.csv: there is no such file" in load_error(folder)

    def test_a_byte_order_mark_is_ignored(self, folder):
        file = folder / "forces.csv"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
        load(folder)
        assert Body.objects.forces().count() == 43
