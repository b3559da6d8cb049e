"""A world with one of everything: for each kind of asker, their own body's and another's."""

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from forces import secret_tokens
from forces.accounts import invitations
from forces.models import ApiToken, Body, Invitation, Role, User
from recommendations import rules
from recommendations.actions.api_tokens import make_token
from recommendations.actions.calendar_feeds import make_calendar_feed
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.evidence import add_evidence
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.request_download import ask_for_download
from recommendations.actions.request_extension import ask_for_more_time
from recommendations.actions.saved_views import save_view
from recommendations.actions.submit_update import submit_update
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.dashboards.snapshots import render_dashboards
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.exports import background
from recommendations.imports import batches, template
from recommendations.models import (
    Assignment,
    Digest,
    Download,
    Evidence,
    ImportBatch,
    JobRun,
    OutboxMail,
    Recommendation,
    Update,
)
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    RecommendationFactory,
    UserFactory,
    accept,
    submit,
)
from tests.made_once import made_once
from tests.recommendations.evidence.files import PDF
from tests.world import World, make_world

OWN, OTHER = "own", "other"
BODIES = {OWN: "Kent", OTHER: "Essex"}
SECRET = "Papers of Essex alone"  # in each text that Essex, or an analyst to Essex, has written
WAITING, ACCEPTED, DRAFTED, ASKED, MOVED, WITHDRAWN = 4, 5, 6, 7, 8, 9  # recommendations
UNTOUCHED = 3


@dataclass
class Papers:
    """What one of the two bodies has written and was answered, and one officer's own things."""

    officer: User
    assignments: dict[int, Assignment]
    claim: Update
    accepted: Update
    draft_evidence: Evidence
    evidence: Evidence
    question: int
    request: int


@dataclass
class Stage:
    """`people` by the names of the matrix's columns; None is nobody."""

    world: World
    people: dict[str, User | None]
    papers: dict[str, Papers]
    stranger: User  # another analyst, whose own things are nobody else's
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.world.now


PEOPLE = {
    "signed out": "nobody",
    "officer": "liaison officer of Kent",
    "chief": "chief officer of Kent",
    "body observer": "observer of Kent",
    "observer": "observer without a body",
    "analyst": "analyst",
    "administrator": "administrator",
    "no factor": "analyst without a second factor",
    "left": "was an officer of Kent, and may sign in no more",
}
NARROW = ("officer", "chief", "body observer", "observer")  # see no other body's papers
OUTSIDE = ("signed out", "left")


def set_up() -> Stage:
    return made_once(_build_stage)


def _build_stage() -> Stage:
    world = make_world()
    _more_recommendations(world)
    kent = world.forces[BODIES[OWN]]
    people: dict[str, User | None] = {
        "signed out": None,
        "officer": world.officer,
        "chief": UserFactory(name="Chi Ef", role=Role.CHIEF_OFFICER, body=kent),
        "body observer": UserFactory(name="Bo Server", role=Role.OBSERVER, body=kent),
        "observer": world.observer,
        "analyst": world.analyst,
        "administrator": world.administrator,
        "no factor": UserFactory(name="New Comer", has_second_factor=False),
        "left": OfficerFactory(name="Gone Away", body=kent),
    }
    papers = {
        whose: _papers(world, world.forces[name], text)
        for (whose, name), text in zip(BODIES.items(), ("Of Kent", SECRET), strict=True)
    }
    stage = Stage(world, people, papers, stranger=UserFactory(name="Stran Ger"))
    _things_of_each(stage)
    _things_of_the_house(stage)
    render_dashboards(inspection=world.inspection, at=world.now)
    User.objects.filter(pk=people["left"].pk).update(is_active=False)
    return stage


def _more_recommendations(world: World) -> None:
    due = rules.london_day(world.now) + timedelta(days=40)
    for number in range(4, 10):
        added: Recommendation = RecommendationFactory(
            inspection=world.inspection, number=number, due_on=due, lead_body=world.lead
        )
        for body in [world.lead, *world.forces.values()]:
            AssignmentFactory(
                recommendation=added,
                body=body,
                is_lead=body == world.lead,
                assigned_at=world.now - timedelta(days=200),
            )


def _papers(world: World, body: Body, text: str) -> Papers:
    """`text` stands in each of them."""
    officer = (
        world.officer if body == world.officer.body else OfficerFactory(name="Es Sex", body=body)
    )
    by, now, analyst = officer, world.now, world.analyst
    rows = Assignment.objects.select_related("body", "recommendation").filter(body=body)
    of = {each.recommendation.number: each for each in rows}
    submitted = _submitted_with_evidence(of[ACCEPTED], text, by=by, at=now - timedelta(days=9))
    done = {"status": "implemented", "account": text}
    waiting = submit(of[WAITING], at=now - timedelta(days=8), by=by, **done)
    accept(submit(of[ACCEPTED], at=now - timedelta(days=7), by=by, **done), at=now, by=analyst)
    submit(of[ASKED], at=now - timedelta(days=6), by=by, account=text, next_steps=text)
    draft = open_draft(assignment=of[DRAFTED], by=by, at=now)
    save_draft(draft=draft, version=draft.version, by=by, at=now, account=text)
    question = ask_question(assignment=of[ASKED], text=text, by=by, at=now)
    reply_to_question(question=question, text=text, by=analyst, at=now)
    later = of[ASKED].due_on + timedelta(days=20)
    asked = ask_for_more_time(assignment=of[ASKED], to=later, reason=text, by=by, at=now)
    change_due_date(assignment=of[MOVED], to=later, reason=text, by=analyst, at=now)
    withdraw_assignment(assignment=of[WITHDRAWN], reason=text, by=analyst, at=now)
    of[ACCEPTED].refresh_from_db()
    return Papers(
        officer=officer,
        assignments=of,
        claim=waiting,
        accepted=of[ACCEPTED].latest_update,
        draft_evidence=_evidence(draft, f"{text}.pdf", by=by, at=now),
        evidence=submitted,
        question=question.pk,
        request=asked.pk,
    )


def _evidence(draft: Any, name: str, *, by: User, at: datetime) -> Evidence:
    size = len(PDF)
    return add_evidence(draft=draft, file=io.BytesIO(PDF), name=name, size=size, by=by, at=at)


def _submitted_with_evidence(
    assignment: Assignment, text: str, *, by: User, at: datetime
) -> Evidence:
    draft = open_draft(assignment=assignment, by=by, at=at)
    added = _evidence(draft, f"{text}.pdf", by=by, at=at)
    draft.refresh_from_db()
    answers = {"status": "in_progress", "confidence": "green", "account": text, "next_steps": text}
    answers |= {"signed_off_by": text, "forecast_on": assignment.due_on}
    draft = save_draft(draft=draft, version=draft.version, by=by, at=at, **answers)
    submit_update(token=draft.token, version=draft.version, by=by, at=at)
    assignment.refresh_from_db()
    return added


def _things_of_each(stage: Stage) -> None:
    """A token, a saved view, a made file and a calendar's address of everybody's own."""
    now = stage.now
    everybody = {**stage.people, "stranger": stage.stranger, "Essex": stage.papers[OTHER].officer}
    for name, person in everybody.items():
        if person is None:
            continue
        for state in ("in force", "revoked", "run out"):
            made = make_token(name=state, lasts=timedelta(days=9), by=person, at=now)
            stage.tokens[name, state] = made.secret
            stage.kept[name, "token"] = made.token.pk
        own = ApiToken.objects.filter(person=person)
        own.filter(name="revoked").update(revoked_at=now)
        long_ago = now - timedelta(days=300)
        own.filter(name="run out").update(
            created_at=long_ago, expires_at=long_ago + timedelta(days=9)
        )
        for shared in (False, True):
            text = SECRET if name == "Essex" else f"View of {name}"
            stage.kept[name, "view", shared] = _view(person, f"{text} {shared}", shared, at=now)
        stage.kept[name, "download"] = _download(person, at=now)
        body = person.body or stage.world.forces[BODIES[OWN]]
        stage.kept[name, "calendar"] = make_calendar_feed(body=body, by=person, at=now)


def _view(person: User, name: str, is_shared: bool, *, at: datetime) -> int:
    view = save_view(
        name=name, address="/heatmap/", is_pinned=False, is_shared=is_shared, by=person, at=at
    )
    return view.pk


def _download(person: User, *, at: datetime) -> Any:
    asked: Download = ask_for_download(
        kind="updates", file_type="csv", parameters={}, by=person, at=at
    )
    background.make(asked.pk, at=at)
    return asked.key


def _things_of_the_house(stage: Stage) -> None:
    """An import, digests and what is parked."""
    world, now = stage.world, stage.now
    content = "".join(template.as_csv(world.inspection)).encode()
    batch = batches.take_in(content=content, name="updates.csv", by=world.analyst, at=now)
    batches.check(batch.pk, at=now)
    make_digests(week=Week.of(rules.london_day(now)), at=now)
    mails = {whose: OutboxMail.objects.filter(reader=p.officer) for whose, p in _each(stage)}
    run = JobRun.objects.create(
        task_id="parked",
        job="recommendations.tasks.keep_house",
        state=JobRun.State.PARKED,
        started_at=now,
        ended_at=timezone.now(),
    )
    stage.kept |= {
        "batch": batch.pk,
        "run": run.pk,
        "parked batch": _parked_batch(world),
        "invitation": _invitation(stage),
        "passkey": _passkey(stage.papers[OTHER].officer),
        "digests": {whose: Digest.objects.get(reader=p.officer).pk for whose, p in _each(stage)},
        "mails": {whose: found.get().pk for whose, found in mails.items()},
    }
    mails[OTHER].update(state=OutboxMail.State.PARKED)


def _each(stage: Stage) -> Any:
    return stage.papers.items()


def _invitation(stage: Stage) -> str:
    """The secret that a mail carries."""
    invitation = invitations.invite(
        email="guest@example.org",
        name="Gu Est",
        role=Role.OBSERVER,
        body=None,
        by=stage.world.administrator,
        at=stage.now,
    )
    secret = secret_tokens.draw()
    Invitation.objects.filter(pk=invitation.pk).update(secret_hash=secret_tokens.hash_of(secret))
    return secret


def _passkey(person: User) -> int:
    data = {"name": SECRET, "credential": {}}
    kind = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=person, type=kind, data=data).pk


def _parked_batch(world: World) -> int:
    content = "".join(template.as_csv(world.inspection)).encode() + b"\n"
    batch = batches.take_in(content=content, name="parked.csv", by=world.analyst, at=world.now)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportBatch.State.PARKED, parked_in=ImportBatch.State.CHECKING
    )
    return batch.pk
