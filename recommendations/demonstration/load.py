"""Loads the demonstration into an empty database, in one transaction."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction

from forces import audit
from forces.models import Body, Role, User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.actions.load_register import load_register
from recommendations.demonstration import plans
from recommendations.demonstration.absences import write_absences
from recommendations.demonstration.approvals import write_approval
from recommendations.demonstration.body_requests import write_body_requests
from recommendations.demonstration.closures import write_closures
from recommendations.demonstration.correspondence import (
    write_assignees,
    write_questions,
    write_reminders,
)
from recommendations.demonstration.joint_actions import write_joint_actions
from recommendations.demonstration.more_time import write_requests
from recommendations.demonstration.no_changes import repeat_answers
from recommendations.demonstration.people import People, make_people
from recommendations.demonstration.phrases import themed
from recommendations.demonstration.responses import write_responses
from recommendations.demonstration.rows import AssignmentHistory, write_histories
from recommendations.demonstration.second_inspection import load_second_inspection
from recommendations.demonstration.second_reviews import write_second_review
from recommendations.demonstration.steps import write_steps
from recommendations.demonstration.story import generate_events
from recommendations.demonstration.texts import with_parts, write_confirmation
from recommendations.models import Assignment, Draft, Inspection, Recommendation, Update
from recommendations.models.answers import ReportedStatus
from recommendations.positions import positions
from recommendations.register.facts import Register
from recommendations.register.folder import read_register
from recommendations.rules import LONDON, OPEN, start_of_day

_DRAFTS_COUNT = 4


@dataclass(frozen=True)
class LoadedDemonstration:
    """The inspection, and the number of rows written of each kind."""

    inspection: Inspection
    counts: dict[str, int]


def _refuse_other_data() -> None:
    """Raise a Refusal if the database holds data."""
    stored = {
        "inspections": Inspection.objects.count(),
        "people": User.objects.count(),
        "updates": Update.objects.count(),
    }
    counts = [f"{count} {kind}" for kind, count in stored.items() if count]
    if counts:
        raise Refusal(
            "Demonstration data can only be loaded into an empty database. This one holds "
            f"{', '.join(counts)}. Nothing was loaded."
        )


@transaction.atomic
def load_demonstration(*, as_of: date, seed: int, password: str) -> LoadedDemonstration:
    """Write a made-up year up to the end of the day before `as_of` (a London day).

    The same date and seed write the same rows. Everybody gets the encoded `password`.
    Raises Refusal if the database holds data.
    """
    _refuse_other_data()
    register = synthetic_register(read_register(), as_of=as_of)
    begins_at = start_of_day(register.inspection.published_on)
    load_register(register=register, at=begins_at)
    inspection = Inspection.objects.get(slug=register.inspection.slug)
    second = load_second_inspection(register, as_of=as_of)
    people, unusual = _load_people(register, seed=seed, password=password, at=begins_at)
    before = start_of_day(as_of)
    histories = _histories(inspection, people, unusual, seed=seed, before=before)
    unusual = replace(unusual, withdrawn={})
    others = _histories(second, people, unusual, seed=seed, before=before)
    counts = _write(histories, others, people, seed=seed, as_of=as_of)
    drafts = _drafts(histories, as_of=as_of, rng=Random(f"{seed} drafts"))  # noqa: S311  # nosec B311 # made-up data
    Draft.objects.bulk_create(drafts)
    positions.refresh(history.assignment.pk for history in [*histories, *others])
    audit.record(
        at=before,
        act="demonstration loaded",
        actor=None,
        subject=inspection,
        as_of=as_of.isoformat(),
        seed=seed,
    )
    for row in (inspection, second):
        count_revision(row.pk)
    counts = {
        "People": len(people.all),
        "Recommendations": Recommendation.objects.count(),
        "Assignments": len(histories) + len(others),
        **counts,
        "Drafts": len(drafts),
    }
    return LoadedDemonstration(inspection, counts)


def _write(
    histories: list[AssignmentHistory],
    others: list[AssignmentHistory],
    people: People,
    *,
    seed: int,
    as_of: date,
) -> dict[str, int]:
    """Write all rows about the assignments; return how many there are of each kind.

    Those of `others`, of the second inspection, have their histories and responses only.
    """
    counts, events = write_histories(histories, until=as_of)
    added, further_events = write_histories(others, until=as_of)
    counts = {kind: count + added[kind] for kind, count in counts.items()}
    events += further_events
    second = others[0].assignment.recommendation.inspection
    rng = Random(f"{seed} second responses")  # noqa: S311  # nosec B311 # made-up data
    written = _write_further(histories, people, seed=seed, as_of=as_of)
    responses, further_events = write_responses(
        second, analyst=people.analysts[0], reader=people.policing_reader, as_of=as_of, rng=rng
    )
    events += further_events
    for kind, (count, further_events) in written.items():
        counts[kind] = count
        events += further_events
    counts["Responses"] += responses
    events.sort(key=lambda event: event.at)
    audit.record_all(events)
    return counts


def _write_further(
    histories: list[AssignmentHistory], people: People, *, seed: int, as_of: date
) -> dict[str, tuple[int, list[audit.NewEvent]]]:
    """Write the rows beside the histories; return their number and events by kind."""
    inspection = histories[0].assignment.recommendation.inspection
    rng = Random(f"{seed} correspondence")  # noqa: S311  # nosec B311 # made-up data
    return {
        "Requests for more time": write_requests(histories, as_of=as_of, rng=rng),
        "Questions": write_questions(histories, as_of=as_of, rng=rng),
        "Reminders": write_reminders(histories, as_of=as_of, rng=rng),
        "Updates waiting for approval": write_approval(
            histories,
            as_of=as_of,
            rng=Random(f"{seed} approval"),  # noqa: S311  # nosec B311 # made-up data
        ),
        "Second reviews": write_second_review(histories, as_of=as_of),
        "Absences": write_absences(people, as_of=as_of),
        "Changes of steps": write_steps(histories, as_of=as_of),
        "Confirmed aspects of texts": write_confirmation(inspection, people.analysts, as_of=as_of),
        "Responses": write_responses(
            inspection,
            analyst=people.analysts[0],
            reader=people.policing_reader,
            as_of=as_of,
            rng=Random(f"{seed} responses"),  # noqa: S311  # nosec B311 # made-up data
        ),
        "Events of requests between organisations": write_body_requests(
            histories,
            people,
            as_of=as_of,
            rng=Random(f"{seed} requests"),  # noqa: S311  # nosec B311 # made-up data
        ),
        "Closures of lines": write_closures(
            histories,
            as_of=as_of,
            rng=Random(f"{seed} closures"),  # noqa: S311  # nosec B311 # made-up data
        ),
        "Joint actions": write_joint_actions(histories, people, as_of=as_of),
        "Reviews assigned": write_assignees(histories, people.analysts, as_of=as_of, rng=rng),
    }


def synthetic_register(register: Register, *, as_of: date) -> Register:
    """Return the product's register with the dates of the year of `as_of`, marked as synthetic.

    The year begins with the publication on 10 January; earlier days belong to the year before.
    """
    year = as_of.year if as_of > date(as_of.year, 1, 10) else as_of.year - 1
    inspection = replace(
        register.inspection,
        slug=f"demonstration-{year}",
        title=f"County lines (demonstration {year})",
        published_on=date(year, 1, 10),
        is_synthetic=True,
    )
    recommendations = tuple(
        replace(facts, due_on=date(year, *plans.INTERIM_DUE_DATES.get(facts.number, (12, 31))))
        for original in register.recommendations
        for facts in with_parts(original)
    )
    return replace(register, inspection=inspection, recommendations=recommendations)


def _load_people(
    register: Register, *, seed: int, password: str, at: datetime
) -> tuple[People, plans.UnusualForces]:
    rng = Random(f"{seed} people")  # noqa: S311  # nosec B311 # made-up data
    bodies = {body.slug: body for body in Body.objects.all()}
    forces = [bodies[facts.slug] for facts in register.forces]
    leads = [bodies[slug] for slug in sorted({facts.lead for facts in register.recommendations})]
    unusual = plans.choose_unusual_forces(rng, forces)
    people = make_people(
        rng,
        forces=forces,
        leads=leads,
        second_body=bodies["college-of-policing"],
        policing_body=bodies["kent-pcc"],
        silent_force=unusual.silent,
        vacant_force=unusual.vacant,
        password=password,
        joined_at=at,
    )
    User.objects.bulk_create(people.all)
    chiefs = User.objects.filter(role=Role.CHIEF_OFFICER)
    Body.objects.filter(people__in=chiefs).update(copies_to_chief_officers=True)
    audit.record_all(
        audit.NewEvent(at=at, act="person added", actor=None, subject=person, body=person.body)
        for person in people.all
    )
    return people, unusual


def _histories(
    inspection: Inspection,
    people: People,
    unusual: plans.UnusualForces,
    *,
    seed: int,
    before: datetime,
) -> list[AssignmentHistory]:
    assignments = (
        Assignment.objects.filter(recommendation__inspection=inspection)
        .select_related("recommendation__inspection", "body")
        .order_by("recommendation__number", "recommendation__part", "body__slug")
    )
    histories = []
    for assignment in assignments:
        about = f"{assignment.body.slug} {assignment.recommendation.reference}"
        about += "" if inspection.is_first else f" {inspection.slug}"
        plan = plans.draw_plan(assignment, seed=seed, unusual=unusual, people=people)
        rng = Random(f"{seed} story {about}")  # noqa: S311  # nosec B311 # made-up data
        events = repeat_answers(
            generate_events(plan, rng, before=before),
            Random(f"{seed} no change {about}"),  # noqa: S311  # nosec B311 # made-up data
            due_on=plan.due_on,
        )
        histories.append(AssignmentHistory(assignment, plan, events, rng))
    return histories


def _drafts(histories: list[AssignmentHistory], *, as_of: date, rng: Random) -> list[Draft]:
    """Return unsaved drafts of the day before, for open assignments with updates."""
    waiting = set(Draft.objects.values_list("assignment", flat=True))
    candidates = [
        history
        for history in histories
        if history.states[-1].status in OPEN
        and len(history.events) > 1
        and history.has_active_officers
        and history.assignment.pk not in waiting
        and history.events[-1].at.date() < as_of - timedelta(days=1)
    ]
    chosen = rng.sample(candidates, min(_DRAFTS_COUNT, len(candidates)))
    at = datetime.combine(as_of - timedelta(days=1), time(16, 40), tzinfo=LONDON)
    return [
        Draft(
            assignment=history.assignment,
            token=UUID(int=rng.getrandbits(128), version=4),
            version=2,
            started_at=at,
            saved_at=at + timedelta(minutes=rng.randint(2, 50)),
            saved_by=rng.choice(history.plan.officers),
            status=ReportedStatus.IN_PROGRESS,
            account=themed(rng, history.plan.theme, "under_way"),
        )
        for history in chosen
    ]
