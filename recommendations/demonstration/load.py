"""Loading the demonstration into an empty database, set by set, in one transaction."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from django.db import transaction

from forces import audit
from forces.models import Body, Role, User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.actions.load_register import load_register
from recommendations.demonstration import plans
from recommendations.demonstration.drafts import draft_rows
from recommendations.demonstration.people import People, make_people
from recommendations.demonstration.rows import Told, write_histories
from recommendations.demonstration.story import tell, until
from recommendations.models import Assignment, Draft, Inspection, Update
from recommendations.positions import positions
from recommendations.register import InspectionFacts, Register, read_register
from recommendations.rules import start_of_day

LABEL = "Demonstration data: all of it is made up."


@dataclass(frozen=True)
class Loaded:
    """What was written, by kind."""

    inspection: Inspection
    counts: dict[str, int]


def refuse_beside_other_data() -> None:
    """Raise a Refusal that says what stands in the way, if anything does."""
    found = {
        "inspections": Inspection.objects.count(),
        "people": User.objects.count(),
        "updates": Update.objects.count(),
    }
    named = [f"{count} {kind}" for kind, count in found.items() if count]
    if named:
        raise Refusal(
            f"Demonstration data go into an empty database only, and this one holds "
            f"{', '.join(named)}. Nothing was loaded."
        )


@transaction.atomic
def load_demonstration(*, as_of: date, seed: int, password: str) -> Loaded:
    """A made-up year up to the end of the day before `as_of`, settled on `as_of`.

    The same date and seed write the same rows. `password` is an encoded one, for everybody.
    Raises Refusal beside other data.
    """
    refuse_beside_other_data()
    register = synthetic_register(read_register(), as_of=as_of)
    begins_at = start_of_day(register.inspection.published_on)
    load_register(register=register, at=begins_at)
    inspection = Inspection.objects.get(slug=register.inspection.slug)
    people, chosen = _load_people(register, seed=seed, password=password, at=begins_at)
    told = _tell_all(inspection, people, chosen, seed=seed, end=start_of_day(as_of))
    counts = write_histories(told, until=as_of)
    drafts = draft_rows(told, as_of=as_of, rng=Random(f"{seed} drafts"))  # noqa: S311  # nosec B311 # a story
    Draft.objects.bulk_create(drafts)
    positions.refresh(one.assignment.pk for one in told)
    audit.record(
        at=start_of_day(as_of),
        act="demonstration loaded",
        actor=None,
        subject=inspection,
        as_of=as_of.isoformat(),
        seed=seed,
    )
    count_revision(inspection.pk)
    counts = {
        "People": len(people.everybody),
        "Recommendations": len(register.recommendations),
        "Assignments": len(told),
        **counts,
        "Drafts": len(drafts),
    }
    return Loaded(inspection, counts)


def synthetic_register(register: Register, *, as_of: date) -> Register:
    """The shipped register, moved to the year of `as_of` and marked as synthetic.

    The year begins with the publication on 10 January: an earlier day belongs to the year before.
    """
    year = as_of.year if as_of > date(as_of.year, 1, 10) else as_of.year - 1
    inspection = InspectionFacts(
        slug=f"demonstration-{year}",
        title=f"County lines (demonstration {year})",
        publisher=register.inspection.publisher,
        published_on=date(year, 1, 10),
        is_synthetic=True,
    )
    recommendations = tuple(
        replace(facts, due_on=date(year, *plans.INTERIM_DUE_DATES.get(facts.number, (12, 31))))
        for facts in register.recommendations
    )
    return replace(register, inspection=inspection, recommendations=recommendations)


def _load_people(
    register: Register, *, seed: int, password: str, at: datetime
) -> tuple[People, plans.Chosen]:
    rng = Random(f"{seed} people")  # noqa: S311  # nosec B311 # a story
    bodies = {body.slug: body for body in Body.objects.all()}
    forces = [bodies[facts.slug] for facts in register.forces]
    leads = [bodies[slug] for slug in sorted({facts.lead for facts in register.recommendations})]
    chosen = plans.choose(rng, forces)
    people = make_people(
        rng,
        forces=forces,
        leads=leads,
        never_heard=chosen.never_heard,
        left_alone=chosen.left_alone,
        password=password,
        joined_at=at,
    )
    User.objects.bulk_create(people.everybody)
    chiefs = User.objects.filter(role=Role.CHIEF_OFFICER)
    Body.objects.filter(people__in=chiefs).update(copies_to_chief_officers=True)
    audit.record_all(
        audit.Event(at=at, act="person added", actor=None, subject=person, body=person.body)
        for person in people.everybody
    )
    return people, chosen


def _tell_all(
    inspection: Inspection, people: People, chosen: plans.Chosen, *, seed: int, end: datetime
) -> list[Told]:
    assignments = (
        Assignment.objects.filter(recommendation__inspection=inspection)
        .select_related("recommendation__inspection", "body")
        .order_by("recommendation__number", "body__slug")
    )
    told = []
    for assignment in assignments:
        plan = plans.draw(assignment, seed=seed, chosen=chosen, people=people)
        rng = Random(f"{seed} story {assignment.body.slug} {assignment.recommendation.number}")  # noqa: S311  # nosec B311 # a story
        told.append(Told(assignment, plan, list(until(tell(plan, rng), end)), rng))
    return told
