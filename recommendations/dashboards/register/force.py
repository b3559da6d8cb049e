"""The page of one organisation."""

from dataclasses import dataclass

from forces.models import Body, Role, User
from recommendations import wording
from recommendations.dashboards.register.next_actions import RequiredAction, next_actions
from recommendations.dashboards.register.recommendation import BodyRow, body_row
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Recommendation
from recommendations.positions.contact import Contact, contacts
from recommendations.positions.national import Count, count
from recommendations.positions.positions import Position
from recommendations.rules import Status


@dataclass(frozen=True)
class RecommendationPosition:
    recommendation: Recommendation
    position: BodyRow


@dataclass(frozen=True, kw_only=True)
class ForcePage:
    body: Body
    sentence: str
    count: Count
    contact: Contact | None  # None: nothing is assigned to it
    rows: list[RecommendationPosition]
    next_actions: list[RequiredAction]
    people: list[User]


def force_page(
    body: Body,
    positions: list[Position],
    recommendations: list[Recommendation],
    *,
    visibility: Visibility,
    may_update: bool,
) -> ForcePage:
    """Return the page of one organisation; up to 2 queries: officers, drafts."""
    by_number = {position.number: position for position in positions}
    totals = count(positions)
    return ForcePage(
        body=body,
        sentence=_sentence(body, totals),
        count=totals,
        contact=contacts(positions).get(body.pk),
        rows=[
            RecommendationPosition(r, body_row(body, by_number[r.number], visibility=visibility))
            for r in recommendations
            if r.number in by_number
        ],
        next_actions=next_actions(body, positions, recommendations) if may_update else [],
        people=_liaison_officers(body) if visibility.includes(body) else [],
    )


def _liaison_officers(body: Body) -> list[User]:
    return list(
        User.objects.filter(body=body, role=Role.LIAISON_OFFICER, is_active=True).order_by("name")
    )


def _sentence(body: Body, totals: Count) -> str:
    if not totals.total:
        return f"{body.short_name} has no recommendations of its own."
    claims = totals.statuses[Status.EVIDENCE_SUBMITTED]
    are = "is" if claims == 1 else "are"
    waiting = f" {wording.count(claims, 'claim')} {are} awaiting review." if claims else ""
    return (
        f"{body.short_name} has implemented {totals.implemented} of "
        f"{wording.count(totals.total, 'recommendation')} ({totals.percent}%). "
        f"{wording.are(totals.overdue, 'overdue')}.{waiting}"
    )
