"""Reads the files of a folder as one register."""

from pathlib import Path

from recommendations.register.csv_table import InvalidFiles, check_unique, read_rows
from recommendations.register.facts import COUNTY_LINES_2020, InspectionFacts, Register
from recommendations.register.outcome_form import OutcomeForm, check_outcomes
from recommendations.register.row_forms import (
    ForceForm,
    LocalPolicingBodyForm,
    NationalBodyForm,
    RecommendationForm,
)

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"


def read_register(
    folder: Path = DATA_FOLDER, *, inspection: InspectionFacts = COUNTY_LINES_2020
) -> Register:
    """Read and check the files. Raises InvalidFiles with every problem."""
    problems: list[str] = []
    forces = read_rows(folder / "forces.csv", ForceForm, problems)
    national_bodies = read_rows(folder / "national_bodies.csv", NationalBodyForm, problems)
    policing = read_rows(folder / "local_policing_bodies.csv", LocalPolicingBodyForm, problems)
    recommendations = read_rows(folder / "recommendations.csv", RecommendationForm, problems)
    outcomes = read_rows(folder / "outcomes.csv", OutcomeForm, problems)
    bodies = [*forces, *national_bodies, *policing]
    for column in ("slug", "name", "short_name"):
        check_unique(bodies, column)
    for columns in (["ons_code"], ["police_uk_slug"], ["tile_col", "tile_row"]):
        check_unique(forces, *columns)
    check_unique(policing, "force")
    check_unique(recommendations, "number", "part", may_be_empty=True)
    force_slugs = {force.data["slug"] for force in forces}
    for body in policing:
        body.check(force_slugs)
    slugs = {body.data["slug"] for body in (*forces, *national_bodies)}
    for recommendation in recommendations:
        recommendation.check(inspection=inspection, slugs=slugs, forces=force_slugs)
    check_outcomes(outcomes)
    problems += [
        sentence for row in (*bodies, *recommendations, *outcomes) for sentence in row.problems()
    ]
    if problems:
        raise InvalidFiles("\n".join(problems))
    return Register(
        inspection=inspection,
        forces=tuple(row.facts() for row in forces),
        national_bodies=tuple(row.facts() for row in national_bodies),
        local_policing_bodies=tuple(row.facts() for row in policing),
        recommendations=tuple(row.facts() for row in recommendations),
        outcomes=tuple(row.facts() for row in outcomes),
    )
