"""Checks recommendations.csv."""

from recommendations.models import Recommendation
from recommendations.register.csv_table import CsvRow, CsvTable, quoted
from recommendations.register.facts import BodyFacts, InspectionFacts, RecommendationFacts
from recommendations.rules import days_until_due

COLUMNS = ("number", "title", "summary", "lead", "partners", "due", "theme", "source_status")


def check_recommendations(
    table: CsvTable, *, inspection: InspectionFacts, bodies: tuple[BodyFacts, ...]
) -> tuple[RecommendationFacts, ...]:
    """Return the recommendations; the other two files must name their leads and partners."""
    rows = table.rows()
    table.unique(rows, "number")
    slugs = frozenset(body.slug for body in bodies)
    return tuple(_recommendation(row, inspection, slugs) for row in rows)


def _recommendation(
    row: CsvRow, inspection: InspectionFacts, slugs: frozenset[str]
) -> RecommendationFacts:
    due_on = row.day("due")
    if due_on.year > 1 and days_until_due(due_on, on=inspection.published_on) < 0:
        row.problem(
            "due",
            f"{quoted(due_on.isoformat())} is before the inspection was published "
            f"({inspection.published_on}).",
        )
    lead = row.text("lead")
    _check_known(row, "lead", lead, slugs)
    return RecommendationFacts(
        number=row.number_in("number", minimum=1),
        title=row.text("title", max_length=200),
        summary=row.text("summary"),
        theme=row.text("theme", max_length=60),
        lead=lead,
        partners=_partners(row, lead, slugs),
        due_on=due_on,
        source_status=row.choice("source_status", tuple(Recommendation.SourceStatus.values)),
    )


def _partners(row: CsvRow, lead: str, slugs: frozenset[str]) -> tuple[str, ...]:
    """Return the slugs in a cell, which are separated by semicolons and may be none."""
    cell = row.text("partners", required=False)
    partners = [slug.strip() for slug in cell.split(";") if slug.strip()]
    for slug in dict.fromkeys(partners):
        _check_known(row, "partners", slug, slugs)
        if partners.count(slug) > 1:
            row.problem("partners", f"{quoted(slug)} is named more than once.")
        if slug == lead:
            row.problem("partners", f"{quoted(slug)} is already the lead.")
    return tuple(dict.fromkeys(partners))


def _check_known(row: CsvRow, column: str, slug: str, slugs: frozenset[str]) -> None:
    if slug and slug not in slugs:
        row.problem(column, f"{quoted(slug)} is in neither forces.csv nor national_bodies.csv.")
