"""The bodies in a list, and one body with its ten rows and what it owes next."""

from dataclasses import dataclass

from django.urls import reverse

from forces.models import Body, Role, User
from recommendations import wording
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards.register.next_actions import Owed, owed_by
from recommendations.dashboards.register.recommendation import BodyRow, body_row
from recommendations.dashboards.visibility import Papers
from recommendations.models import Recommendation
from recommendations.positions.national import Count, Picture, count
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status


@dataclass(frozen=True)
class BodyFigures:
    body: Body
    href: str
    count: Count
    stale: int


@dataclass(frozen=True, kw_only=True)
class ForcesPage:
    sentence: str
    tile_map: TileMap | None
    forces: list[BodyFigures]
    national_bodies: list[BodyFigures]


@dataclass(frozen=True)
class Row:
    recommendation: Recommendation
    standing: BodyRow


@dataclass(frozen=True, kw_only=True)
class ForcePage:
    body: Body
    sentence: str
    count: Count
    rows: list[Row]
    owed: list[Owed]
    people: list[User]


def forces_page(picture: Picture, *, region: str = "") -> ForcesPage:
    """No query on top of the picture's three; the list alone is filtered by region."""
    counts = {body.pk: count(picture.of(body).values()) for body in picture.bodies}
    shown = [body for body in picture.forces if not region or _region_of(body) == region]
    late = sum(counts[body.pk].overdue > 0 for body in picture.forces)
    something = "force has something" if late == 1 else "forces have something"
    return ForcesPage(
        sentence=f"{late} of {len(picture.forces)} {something} overdue.",
        tile_map=tile_map(shown, count_of=lambda body: counts[body.pk]),
        forces=[_figures(body, picture, counts[body.pk]) for body in shown],
        national_bodies=[
            _figures(body, picture, counts[body.pk]) for body in picture.national_bodies
        ],
    )


def _region_of(body: Body) -> str:
    return body.region.name if body.region else ""


def _figures(body: Body, picture: Picture, counted: Count) -> BodyFigures:
    stale = sum(Flag.STALE in each.flags for each in picture.of(body).values())
    return BodyFigures(body, reverse("force", args=[body.slug]), counted, stale)


def force_page(
    body: Body,
    of_body: list[Position],
    recommendations: list[Recommendation],
    *,
    papers: Papers,
    may_update: bool,
) -> ForcePage:
    """Up to three queries: its people, the claims returned to it, and its drafts."""
    by_number = {each.number: each for each in of_body}
    opens = papers.include(body)
    counted = count(of_body)
    return ForcePage(
        body=body,
        sentence=_sentence(body, counted),
        count=counted,
        rows=[
            Row(each, body_row(body, by_number[each.number], papers=papers))
            for each in recommendations
            if each.number in by_number
        ],
        owed=owed_by(body, of_body, recommendations) if may_update else [],
        people=list(_officers(body)) if opens else [],
    )


def _officers(body: Body) -> list[User]:
    return list(
        User.objects.filter(body=body, role=Role.LIAISON_OFFICER, is_active=True).order_by("name")
    )


def _sentence(body: Body, of: Count) -> str:
    if not of.total:
        return f"{body.short_name} has no recommendation of its own."
    late = "1 is overdue" if of.overdue == 1 else f"{of.overdue} are overdue"
    waits = of.statuses[Status.EVIDENCE_SUBMITTED]
    waiting = f" {wording.count(waits, 'claim')} {'waits' if waits == 1 else 'wait'} for review."
    return (
        f"{body.short_name} has implemented {of.implemented} of "
        f"{wording.count(of.total, 'recommendation')} ({of.percent}%). {late}."
        f"{waiting if waits else ''}"
    )
