"""The register's files load completely or not at all, and can be loaded again."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from forces.models import AuditEvent, Body, Region, Rocu
from recommendations import rules
from recommendations.models import Assignment, Inspection, Recommendation
from recommendations.positions import positions
from recommendations.register.folder import DATA_FOLDER
from tests.factories import InspectionFactory


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
        assert (Region.objects.count(), Rocu.objects.count()) == (10, 10)
        assert Recommendation.objects.count() == 10
        assert Assignment.objects.filter(is_lead=False).count() == 430
        assert Assignment.objects.filter(is_lead=True).count() == 10
        assert not Inspection.objects.get().is_synthetic
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
                "recommendations.csv",
                3,
                {"number": "1"},
                "recommendations.csv, row 3, column number: '1': recommendations.csv, row 2 has",
            ),
            (
                "recommendations.csv",
                5,
                {"due": "31/12/2020"},
                "recommendations.csv, row 5, column due: '31/12/2020': This is not a date",
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
                {"source_status": "maybe"},
                "row 2, column source_status: 'maybe': Select a valid choice.",
            ),
            ("forces.csv", 3, {"slug": "kent"}, "'kent': forces.csv, row 3 has the same slug."),
            ("forces.csv", 9, {"tile_col": "x"}, "forces.csv, row 9, column tile_col: 'x'"),
            ("forces.csv", 2, {"name": ""}, "row 2, column name: '': This field is required."),
        ],
    )
    def test_nothing_is_loaded_and_the_error_has_file_row_column_and_value(
        self, folder, file, row, cells, sentence
    ):
        change_row(folder / file, row=row, **cells)
        assert sentence in load_error(folder)

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
        assert load_error(folder).endswith("forces.csv: row 45 has 2 cells instead of 10.")

    def test_a_missing_file_is_an_error(self, folder):
        (folder / "national_bodies.csv").unlink()
        assert "national_bodies.csv: there is no such file" in load_error(folder)

    def test_a_byte_order_mark_is_ignored(self, folder):
        file = folder / "forces.csv"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
        load(folder)
        assert Body.objects.forces().count() == 43
