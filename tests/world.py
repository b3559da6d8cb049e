"""A small world for tests of whole pages: four forces, a national body, three recommendations."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from forces.models import Body, Role, User
from recommendations import rules
from recommendations.actions.enter_outcomes import OutcomeChange, enter_outcomes
from recommendations.models import Assignment, Inspection, Recommendation
from recommendations.positions import flag_episodes
from tests.factories import (
    AssignmentFactory,
    ForceFactory,
    InspectionFactory,
    LocalPolicingBodyFactory,
    NationalBodyFactory,
    RecommendationFactory,
    UserFactory,
    accept,
    claim,
    outcome,
    respond_to_report,
    send_back,
    submit,
)
from tests.row_cache import create_once

FORCES = ["Kent", "Essex", "Surrey", "Norfolk"]


@dataclass(frozen=True)
class World:
    """The objects that tests refer to. `now` is the UTC instant of the last progress."""

    now: datetime
    inspection: Inspection
    recommendations: list[Recommendation]
    forces: dict[str, Body]
    policing: dict[str, Body]  # the local policing bodies of two forces
    lead: Body
    analyst: User
    administrator: User
    observer: User
    officer: User  # of Kent
    lead_officer: User

    def assignment(self, force: str, number: int) -> Assignment:
        return Assignment.objects.select_related("body", "recommendation").get(
            body__short_name=force, recommendation__number=number
        )


def make_world() -> World:
    """Create the world, or copy it.

    Kent has implemented recommendation 1, is overdue with 2, whose claim was returned, and has not
    started 3. A claim of Essex on 1 is awaiting review.
    """
    return create_once(_create_world)


def _create_world() -> World:
    now = timezone.now()
    today = rules.london_day(now)
    inspection = InspectionFactory(
        title="County lines (demonstration)",
        published_on=today - timedelta(days=200),
        is_synthetic=True,
    )
    lead = NationalBodyFactory(name="Home Office", slug="home-office")
    due_dates = {1: today + timedelta(days=60), 2: today - timedelta(days=12), 3: today}
    recommendations = [
        RecommendationFactory(
            inspection=inspection, number=number, due_on=due_dates[number], lead_body=lead
        )
        for number in due_dates
    ]
    forces = {
        name: ForceFactory(short_name=name, tile_column=column, tile_row=0)
        for column, name in enumerate(FORCES)
    }
    assigned_at = now - timedelta(days=200)
    for recommendation in recommendations:
        for body in [lead, *forces.values()]:
            AssignmentFactory(
                recommendation=recommendation,
                body=body,
                is_lead=body == lead,
                assigned_at=assigned_at,
            )
    users = {
        "analyst": UserFactory(name="Ana Lyst"),
        "administrator": UserFactory(name="Ada Min", role=Role.ADMINISTRATOR),
        "observer": UserFactory(name="Obi Server", role=Role.OBSERVER),
        "officer": UserFactory(name="Kay Ent", role=Role.LIAISON_OFFICER, body=forces["Kent"]),
        "lead_officer": UserFactory(name="Lea Der", role=Role.LIAISON_OFFICER, body=lead),
    }
    policing = {
        name: LocalPolicingBodyFactory(force=forces[name], slug=slug)
        for name, slug in {"Kent": "kent-pcc", "Essex": "essex-pfcc"}.items()  # as in the register
    }
    world = World(now, inspection, recommendations, forces, policing, lead, **users)
    _record_progress(world)
    inspection.refresh_from_db()
    return world


def _record_progress(world: World) -> None:
    def at(days_ago: int) -> datetime:
        return world.now - timedelta(days=days_ago)

    analyst, officer = world.analyst, world.officer
    accept(claim(world.assignment("Kent", 1), at=at(90), by=officer), at=at(80), by=analyst)
    send_back(claim(world.assignment("Kent", 2), at=at(20), by=officer), at=at(9), by=analyst)
    claim(world.assignment("Essex", 1), at=at(30))
    submit(world.assignment("Surrey", 3), at=at(50), confidence="red")
    respond_to_report(
        world.inspection,
        body=world.policing["Kent"],
        responded_on=world.inspection.published_on + timedelta(days=60),
        by=analyst,
        at=at(130),
    )
    _record_outcomes(world, at=at(130))
    flag_episodes.settle(Assignment.objects.all(), on=rules.london_day(world.now))


def _record_outcomes(world: World, *, at: datetime) -> None:
    """Enter a series, a figure after a break, a range, and one that nobody collects."""
    latest = {"period_end": date(2024, 7, 9), "value": Decimal(5627), "qualifier": "exact"}
    level = {"indicator": "active-lines", "scope": "United Kingdom", "is_cumulative": False}
    range_ = {"value": Decimal(800), "value_high": Decimal(1100), "qualifier": "between"}
    missing = {"value": None, "period_end": None, "qualifier": "not_collected", "unit": "hours"}
    facts = [
        outcome(),
        outcome(**latest),
        outcome(**level, **latest | {"period_start": date(2022, 3, 1)}, breaks_before=True),
        outcome(**level, **range_),
        outcome(indicator="time-until-a-line-reopens", **missing),
    ]
    changes = [OutcomeChange(facts=each) for each in facts]
    enter_outcomes(
        inspection=world.inspection, changes=changes, reason="", by=world.administrator, at=at
    )
