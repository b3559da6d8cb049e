"""Reads the three files of a folder as one register."""

from pathlib import Path

from recommendations.register import bodies, recommendations
from recommendations.register.csv_table import CsvTable, InvalidFiles
from recommendations.register.facts import COUNTY_LINES_2020, InspectionFacts, Register

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"


def read_register(
    folder: Path = DATA_FOLDER, *, inspection: InspectionFacts = COUNTY_LINES_2020
) -> Register:
    """Read and check the files. Raises InvalidFiles with every problem."""
    forces_file = CsvTable(folder / "forces.csv", bodies.FORCE_COLUMNS)
    national_file = CsvTable(
        folder / "national_bodies.csv", bodies.NATIONAL_COLUMNS, bodies.NATIONAL_OPTIONAL
    )
    recommendations_file = CsvTable(folder / "recommendations.csv", recommendations.COLUMNS)
    forces = bodies.check_forces(forces_file)
    national = bodies.check_national_bodies(national_file, forces=forces)
    register = Register(
        inspection=inspection,
        forces=forces,
        national_bodies=national,
        recommendations=recommendations.check_recommendations(
            recommendations_file, inspection=inspection, bodies=forces + national
        ),
    )
    tables = (forces_file, national_file, recommendations_file)
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        raise InvalidFiles(problems)
    return register
