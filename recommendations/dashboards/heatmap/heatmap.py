"""43 forces and ten recommendations as one table, and the national bodies' own below."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from forces.models import Body
from recommendations import wording
from recommendations.dashboards import labels
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.visibility import Papers
from recommendations.models import Recommendation
from recommendations.positions.national import Picture, count
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status


@dataclass(frozen=True, slots=True)
class Cell:
    """`status` is empty where the recommendation does not bind the body."""

    status: str = ""
    letters: str = ""
    after: str = ""  # L, X: sent late, due date extended
    state: str = ""  # "in progress, overdue"
    words: str = ""  # the same, after the body and the number of the recommendation
    href: str = ""
    id: str = ""
    is_overdue: bool = False
    was: str = ""  # letters of the other day, where it has changed; `!` says overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    slug: str
    name: str
    href: str
    cells: list[Cell]
    done: int
    overdue: int


@dataclass(frozen=True)
class Group:
    heading: str  # empty: no heading row
    rows: list[Row]


@dataclass(frozen=True)
class Column:
    number: int
    title: str
    href: str
    done: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Heatmap:
    on: date
    query: str  # of its address
    sentence: str
    found: str  # "27 forces"
    changed: str  # "12 cells have changed since the end of 1 October 2026"
    columns: list[Column]
    groups: list[Group]
    width: int  # of a row, in columns
    done: int
    overdue: int
    is_empty: bool


@dataclass(frozen=True)
class KeyItem:
    status: str
    letters: str
    text: str
    overdue: bool = False


KEY = [
    *(KeyItem(status, letters, Status(status).label) for status, letters in labels.LETTERS.items()),
    KeyItem("in_progress", "IP", "Orange corner: overdue", overdue=True),
    KeyItem("evidence_submitted", f"EV {labels.LATE}", "Sent after the due date"),
    KeyItem("in_progress", f"IP {labels.EXTENDED}", "Due date extended"),
]


def heatmap(
    whole: Picture, *, query: HeatmapQuery, papers: Papers, before: Iterable[Position] = ()
) -> Heatmap:
    """The rows and columns that the query asks for; the sums at the edges are of what is shown.

    `before` are the positions of the day that the query compares with.
    """
    picture = query.narrowed(whole)
    rows_of = _Rows(picture, papers, {each.assignment_id: each for each in before})
    forces = [body for body in picture.forces if _is_asked_for(body, picture, query)]
    national = [body for body in picture.national_bodies if _is_asked_for(body, picture, query)]
    ids = {body.pk for body in forces}
    shown = [each for each in picture.force_positions if each.body_id in ids]
    edges = count(shown)
    columns = [_column(each, shown) for each in picture.recommendations]
    groups = _groups(_sorted(forces, picture, query), query, rows_of)
    if national:
        rows = [rows_of.row(body) for body in national]
        groups.append(Group("National bodies: their own recommendations", rows))
    return Heatmap(
        on=picture.on,
        query=query.address,
        sentence=sentence(whole),
        found=_found(forces, national, query),
        changed=_changed_words(groups, query),
        columns=columns,
        groups=groups,
        width=len(columns) + 3,
        done=edges.implemented,
        overdue=edges.overdue,
        is_empty=not forces and not national,
    )


def sentence(picture: Picture) -> str:
    """The first line of the national pages."""
    forces = count(picture.force_positions)
    if not forces.total:
        return "Nothing was assigned to a force by then."
    are = "is" if forces.implemented == 1 else "are"
    late = "1 is overdue" if forces.overdue == 1 else f"{forces.overdue:,} are overdue"
    return (
        f"{forces.implemented:,} of {forces.total:,} force recommendations {are} implemented "
        f"({forces.percent}%). {late}."
    )


def _is_asked_for(body: Body, picture: Picture, query: HeatmapQuery) -> bool:
    if query.region and (body.region is None or body.region.name != query.region):
        return False
    if query.rocu and (body.rocu is None or body.rocu.name != query.rocu):
        return False
    words = query.text.casefold()
    if words and words not in f"{body.short_name} {body.name}".casefold():
        return False
    of_body = picture.of(body).values()
    if not of_body:
        return body.is_force and not (query.status or query.flag)
    return any(_matches(each, query) for each in of_body)


def _matches(position: Position, query: HeatmapQuery) -> bool:
    if query.status and position.status != query.status:
        return False
    return not query.flag or Flag(query.flag) in position.flags


def _sorted(forces: list[Body], picture: Picture, query: HeatmapQuery) -> list[Body]:
    if query.sort == "most_overdue":
        return sorted(forces, key=lambda body: -count(picture.of(body).values()).overdue)
    if query.sort == "least_done":
        return sorted(forces, key=lambda body: count(picture.of(body).values()).implemented)
    return forces


def _groups(forces: list[Body], query: HeatmapQuery, rows_of: "_Rows") -> list[Group]:
    groups: dict[str, list[Row]] = {}
    for body in sorted(forces, key=lambda body: _heading(body, query)):
        groups.setdefault(_heading(body, query), []).append(rows_of.row(body))
    return [Group(name, rows) for name, rows in groups.items()]


def _heading(body: Body, query: HeatmapQuery) -> str:
    """Of the group that the order puts the body in; empty where the order makes no groups."""
    place = {"region": body.region, "rocu": body.rocu}.get(query.sort)
    return place.name if place else ""


@dataclass(frozen=True)
class _Rows:
    """Makes rows of a picture, for a reader of these papers, beside what stood before."""

    picture: Picture
    papers: Papers
    before: dict[int, Position]  # by assignment; empty: nothing is compared

    def row(self, body: Body) -> Row:
        of_body = self.picture.of(body)
        edge = count(of_body.values())
        opens = self.papers.include(body)
        # Addresses are made once a row: 430 look-ups of the address table would cost more than the
        # rest.
        base = reverse("force", args=[body.slug])
        return Row(
            slug=body.slug,
            name=body.short_name,
            href=base,
            cells=[
                self._cell(body, of_body.get(each.number), f"{base}{each.number}/" if opens else "")
                for each in self.picture.recommendations
            ],
            done=edge.implemented,
            overdue=edge.overdue,
        )

    def _cell(self, body: Body, position: Position | None, href: str) -> Cell:
        if position is None:
            return Cell()
        state = labels.words(position)
        was = self.before.get(position.assignment_id)
        is_changed = was is not None and _stood(was) != _stood(position)
        if was and is_changed:
            state = f"{state}; it was {labels.words(was)}"
        return Cell(
            status=position.status,
            letters=labels.LETTERS[position.status],
            after=labels.letters_after(position),
            state=state,
            words=f"{body.short_name} {position.number}: {state}",
            href=href,
            id=f"cell-{body.slug}-{position.number}",
            is_overdue=position.is_overdue,
            was=_was(was) if was and is_changed else "",
        )


def _stood(position: Position) -> tuple[Status, bool, date]:
    """What has to differ for a cell to count as changed."""
    return position.status, position.is_overdue, position.due_on


def _was(position: Position) -> str:
    return labels.LETTERS[position.status] + ("!" if position.is_overdue else "")


def _changed_words(groups: list[Group], query: HeatmapQuery) -> str:
    if query.compare is None:
        return ""
    cells = (cell for group in groups for row in group.rows for cell in row.cells)
    changed = sum(bool(cell.was) for cell in cells)
    have = "has" if changed == 1 else "have"
    return f"{wording.count(changed, 'cell')} {have} changed since {query.compare.words}."


def _column(recommendation: Recommendation, shown: list[Position]) -> Column:
    edge = count(each for each in shown if each.number == recommendation.number)
    return Column(
        number=recommendation.number,
        title=recommendation.title,
        href=recommendation.get_absolute_url(),
        done=edge.implemented,
        overdue=edge.overdue,
    )


def _found(forces: list[Body], national: list[Body], query: HeatmapQuery) -> str:
    found = wording.count(len(forces), "force")
    if national:
        bodies = "1 national body" if len(national) == 1 else f"{len(national)} national bodies"
        found = f"{found} and {bodies}"
    return f"{found} found" if query.is_filtering else found
