"""Checks the recommendations of a further inspection against the organisations in the database."""

from collections.abc import Sequence
from pathlib import Path

from forces.models import Body
from recommendations.register.csv_table import InvalidFiles, check_unique, read_rows
from recommendations.register.facts import InspectionFacts, RecommendationFacts
from recommendations.register.row_forms import RecommendationForm


def read_recommendations(
    path: Path, *, inspection: InspectionFacts
) -> tuple[RecommendationFacts, ...]:
    """Read and check the file. Raises InvalidFiles with every problem."""
    problems: list[str] = []
    rows = read_rows(path, RecommendationForm, problems)
    check_recommendations(rows, inspection)
    problems += [sentence for row in rows for sentence in row.problems()]
    if problems:
        raise InvalidFiles("\n".join(problems))
    return tuple(row.facts() for row in rows)


def check_recommendations(rows: Sequence[RecommendationForm], inspection: InspectionFacts) -> None:
    """Add errors to rows that repeat another, or name no organisation that exists; 1 query."""
    kinds = dict(Body.objects.existing().values_list("slug", "kind"))
    forces = {slug for slug, kind in kinds.items() if kind == Body.Kind.FORCE}
    leads = {slug for slug, kind in kinds.items() if kind != Body.Kind.LOCAL_POLICING_BODY}
    check_unique(rows, "number", "part", may_be_empty=True)
    for row in rows:
        row.check(inspection=inspection, slugs=leads, forces=forces, listed="no organisation here")
