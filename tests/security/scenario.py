"""The data of the security tests: one of everything, for the users' own force and for another."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from forces import secret_tokens
from forces.accounts import invitations
from forces.models import ApiToken, Body, Invitation, Role, User
from recommendations import rules
from recommendations.actions.api_tokens import create_token
from recommendations.actions.calendar_feeds import create_calendar_feed
from recommendations.actions.quote_figure import quote_figure
from recommendations.actions.request_download import may_request_download, request_download
from recommendations.actions.saved_views import save_view
from recommendations.dashboards.snapshots import render_dashboards
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.exports import background
from recommendations.imports import batches, template
from recommendations.models import (
    Assignment,
    Digest,
    Download,
    ImportBatch,
    JobRun,
    OutboxEmail,
    Recommendation,
)
from tests.factories import (
    AssignmentFactory,
    NationalBodyFactory,
    OfficerFactory,
    RecommendationFactory,
    UserFactory,
    accept,
    add_test_round,
    claim,
)
from tests.row_cache import create_once
from tests.security.force_records import ACCEPTED, APPROVAL, CLAIMED, ForceRecords, create_records
from tests.world import World, make_world

OWN, OTHER = "own", "other"
FORCES = {OWN: "Kent", OTHER: "Essex"}
SECRET = "Known to Essex alone"  # in every text written by Essex, or by an analyst to Essex


@dataclass
class Scenario:
    """`users` are named by the columns of the matrix; None is a visitor who is not signed in.

    `tokens` are the secrets of API tokens by user name and state. `objects` are keys, primary keys
    and secrets of other objects.
    """

    world: World
    users: dict[str, User | None]
    records: dict[str, ForceRecords]
    other_analyst: User
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    objects: dict[Any, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.world.now


USERS = {
    "signed out": "visitor who is not signed in",
    "officer": "liaison officer of Kent",
    "chief": "chief officer of Kent",
    "force observer": "observer of Kent",
    "observer": "observer of no force",
    "second reviewer": "second reviewer of a national body, for claims of the Home Office",
    "policing": "reader of the local policing body of Kent",
    "analyst": "analyst",
    "administrator": "administrator",
    "no factor": "analyst who has not set up a second factor",
    "deactivated": "former officer of Kent, whose account is deactivated",
}
# They may not read other forces' records
LIMITED = ("officer", "chief", "force observer", "observer", "second reviewer", "policing")
SEE_POSITION = tuple(name for name in LIMITED if name != "policing")  # of all forces
NOT_SIGNED_IN = ("signed out", "deactivated")
TOKEN_STATES = ("valid", "revoked", "expired")


def create_scenario() -> Scenario:
    return create_once(_create_scenario)


def _create_scenario() -> Scenario:
    world = make_world()
    _add_recommendations(world)
    kent = world.forces[FORCES[OWN]]
    users: dict[str, User | None] = {
        "signed out": None,
        "officer": world.officer,
        "chief": UserFactory(name="Chi Ef", role=Role.CHIEF_OFFICER, body=kent),
        "force observer": UserFactory(name="Bo Server", role=Role.OBSERVER, body=kent),
        "observer": world.observer,
        "second reviewer": UserFactory(
            name="Sec Ond", role=Role.SECOND_REVIEWER, body=NationalBodyFactory()
        ),
        "policing": UserFactory(
            name="Pol Body", role=Role.LOCAL_POLICING_BODY, body=world.policing[FORCES[OWN]]
        ),
        "analyst": world.analyst,
        "administrator": world.administrator,
        "no factor": UserFactory(name="New Comer", has_second_factor=False),
        "deactivated": OfficerFactory(name="Gone Away", body=kent),
    }
    records = {
        owner: create_records(world, world.forces[name], text)
        for (owner, name), text in zip(FORCES.items(), ("Of Kent", SECRET), strict=True)
    }
    scenario = Scenario(world, users, records, other_analyst=UserFactory(name="Other Analyst"))
    _create_personal_objects(scenario)
    _create_shared_objects(scenario)
    scenario.objects["quote"] = quote_figure(
        figure="overdue", inspection=world.inspection, by=world.analyst, at=world.now
    ).reference
    tests = add_test_round(world.inspection, by=world.analyst, at=world.now)
    own = world.assignment("Kent", 1).latest_update_id
    scenario.objects["claim test"] = next(row.number for row in tests if row.claim_id == own)
    render_dashboards(inspection=world.inspection, at=world.now)
    User.objects.filter(pk=users["deactivated"].pk).update(is_active=False)
    return scenario


def _add_recommendations(world: World) -> None:
    due_on = rules.london_day(world.now) + timedelta(days=40)
    for number in range(CLAIMED, APPROVAL + 1):
        recommendation: Recommendation = RecommendationFactory(
            inspection=world.inspection, number=number, due_on=due_on, lead_body=world.lead
        )
        for body in [world.lead, *world.forces.values()]:
            AssignmentFactory(
                recommendation=recommendation,
                body=body,
                is_lead=body == world.lead,
                assigned_at=world.now - timedelta(days=200),
            )


def _create_personal_objects(scenario: Scenario) -> None:
    """Create API tokens, saved views, a download and a calendar feed for every user."""
    essex_officer = scenario.records[OTHER].officer
    users = scenario.users | {"other analyst": scenario.other_analyst, "Essex": essex_officer}
    for name, user in users.items():
        if user is None:
            continue
        _create_tokens(scenario, name, user)
        for is_shared in (False, True):
            text = SECRET if name == "Essex" else f"View of {name}"
            view = save_view(
                name=f"{text} {is_shared}",
                address="/heatmap/",
                is_pinned=False,
                is_shared=is_shared,
                by=user,
                at=scenario.now,
            )
            scenario.objects[name, "view", is_shared] = view.pk
        if may_request_download(user, "months"):
            scenario.objects[name, "download"] = _create_download(user, at=scenario.now)
        else:
            scenario.objects[name, "download"] = scenario.objects["officer", "download"]
        body = user.documents_body or scenario.world.forces[FORCES[OWN]]
        scenario.objects[name, "calendar"] = create_calendar_feed(
            body=body, by=user, at=scenario.now
        )


def _create_tokens(scenario: Scenario, name: str, user: User) -> None:
    now = scenario.now
    for state in TOKEN_STATES:
        new_token = create_token(name=state, lasts=timedelta(days=9), by=user, at=now)
        scenario.tokens[name, state] = new_token.secret
        scenario.objects[name, "token"] = new_token.token.pk
    tokens = ApiToken.objects.filter(person=user)
    tokens.filter(name="revoked").update(revoked_at=now)
    created_at = now - timedelta(days=300)
    expires_at = created_at + timedelta(days=9)
    tokens.filter(name="expired").update(created_at=created_at, expires_at=expires_at)


def _create_download(user: User, *, at: datetime) -> Any:
    kind = "updates" if may_request_download(user, "updates") else "months"
    download: Download = request_download(kind=kind, file_type="csv", parameters={}, by=user, at=at)
    background.generate(download.pk, at=at)
    return download.key


def _create_shared_objects(scenario: Scenario) -> None:
    """Create imports, digests, an invitation, a passkey and stopped jobs."""
    world, now = scenario.world, scenario.now
    officers = {owner: records.officer for owner, records in scenario.records.items()}
    content = "".join(template.as_csv(world.inspection)).encode()
    batch = batches.create_batch(content=content, name="updates.csv", by=world.analyst, at=now)
    batches.check(batch.pk, at=now)
    create_digests(week=Week.of(rules.london_day(now)), at=now)
    own_batches = {owner: _create_own_batch(world, user) for owner, user in officers.items()}
    emails = {owner: OutboxEmail.objects.get(reader=user) for owner, user in officers.items()}
    OutboxEmail.objects.filter(pk=emails[OTHER].pk).update(state=OutboxEmail.State.PARKED)
    run = JobRun.objects.create(
        task_id="parked",
        job="recommendations.tasks.housekeeping",
        state=JobRun.State.PARKED,
        started_at=now,
        ended_at=timezone.now(),
    )
    scenario.objects |= {
        "batch": batch.pk,
        "own batches": own_batches,
        "run": run.pk,
        "parked batch": _create_parked_batch(world),
        "invitation": _create_invitation(scenario),
        "passkey": _create_passkey(officers[OTHER]),
        "self-assessed": _create_self_assessed_claim(world),
        "digests": {owner: Digest.objects.get(reader=user).pk for owner, user in officers.items()},
        "parked email": emails[OTHER].pk,
    }


def _create_own_batch(world: World, officer: User) -> int:
    """Create an import of an officer, whose first row has a new text that only they may see."""
    assert officer.body is not None
    text = "".join(template.as_csv(world.inspection, body=officer.body))
    secret = SECRET if officer.body.short_name == FORCES[OTHER] else "Of Kent"
    content = text.replace(secret, f"{secret}, changed", 1).encode()
    batch = batches.create_batch(
        content=content, name=f"{secret}.csv", by=officer, at=world.now, body=officer.body
    )
    batches.check(batch.pk, at=world.now)
    return batch.pk


def _create_invitation(scenario: Scenario) -> str:
    """Return the secret of the link in the invitation email."""
    invitation = invitations.invite(
        email="guest@example.org",
        name="Gu Est",
        role=Role.OBSERVER,
        body=None,
        by=scenario.world.administrator,
        at=scenario.now,
    )
    secret = secret_tokens.generate()
    Invitation.objects.filter(pk=invitation.pk).update(
        secret_hash=secret_tokens.hash_secret(secret)
    )
    return secret


def _create_self_assessed_claim(world: World) -> int:
    """Return the key of a claim of the Home Office that an analyst has accepted."""
    Body.objects.filter(pk=world.lead.pk).update(reviews_claims=True)
    assignment = Assignment.objects.get(body=world.lead, recommendation__number=ACCEPTED)
    claimed = claim(assignment, at=world.now, by=world.lead_officer)
    return accept(claimed, at=world.now, by=world.analyst).update_id


def _create_passkey(user: User) -> int:
    data = {"name": SECRET, "credential": {}}
    passkey_type = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=user, type=passkey_type, data=data).pk


def _create_parked_batch(world: World) -> int:
    content = "".join(template.as_csv(world.inspection)).encode() + b"\n"
    batch = batches.create_batch(content=content, name="parked.csv", by=world.analyst, at=world.now)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportBatch.State.PARKED, parked_in=ImportBatch.State.CHECKING
    )
    return batch.pk
