"""The sentences of the heatmap about what it shows."""

from collections.abc import Iterable

from forces.models import Body
from recommendations import wording
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.heatmap.rows import HeatmapRow
from recommendations.positions.national import Count
from recommendations.rules import Flag, Status


def describe(totals: Count, *, noun: str = " force recommendations") -> str:
    if not totals.total:
        return "No recommendations had been assigned to forces by then."
    overdue = wording.are(totals.overdue, "overdue")
    if totals.overdue:
        overdue = f"{overdue} in {wording.count(totals.bodies_overdue, 'force')}"
    implemented = f"{totals.implemented:,} of {totals.total:,}{noun} {_be(totals.implemented)}"
    own = wording.self_assessed(totals.self_assessed)
    left_out = wording.not_counting(totals.withdrawn)
    return f"{implemented} implemented ({totals.percent}%){own}{left_out}. {overdue}."


def sentence(totals: Count, forces: list[Body], query: HeatmapQuery) -> str:
    """Return the sentence about what is shown: `In Wales: 11 of 40 are implemented`."""
    places = [place for place in (query.region, query.rocu) if place]
    if len(forces) == 1:
        scope = f"In {forces[0].short_name}"
    elif query.status or query.flag or query.text:
        scope = f"In the {wording.count(len(forces), 'force')} shown"
    elif places:
        scope = f"In {' and '.join(places)}"
    else:
        scope = "In the recommendations shown" if query.lead or query.theme else ""
    if not scope:
        return describe(totals)
    if not totals.total:
        return "No recommendations of forces match."
    return f"{scope}: {describe(totals, noun='')}"


def note(rows: Iterable[HeatmapRow], query: HeatmapQuery) -> str:
    """Return how many cells stand out, and why; "" if all of them do."""
    shown = [cell for row in rows for cell in row.cells if cell.status and cell.is_match]
    status = str(Status(query.status).label).lower() if query.status else ""
    flag = str(Flag(query.flag).label).lower() if query.flag else ""
    chosen = " and ".join(word for word in (status, flag) if word)
    if query.compare:
        changed = sum(cell.is_changed for cell in shown)
        have = "has" if changed == 1 else "have"
        cells = (
            f"{changed:,} of the cells that are {chosen}"
            if chosen
            else wording.count(changed, "cell")
        )
        return f"{cells} {have} changed since {query.compare.words}."
    return f"{wording.count(len(shown), 'cell')} {_be(len(shown))} {chosen}." if chosen else ""


def matches(forces: int, national_bodies: int, query: HeatmapQuery) -> str:
    text = wording.count(forces, "force")
    if national_bodies:
        text = f"{text} and {wording.count(national_bodies, 'national organisation')}"
    return f"{text} found" if query.is_filtering else text


def _be(number: int) -> str:
    return "is" if number == 1 else "are"
