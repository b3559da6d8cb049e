"""Factories with plain defaults, and functions that record progress through the actions."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory

from forces.accounts import second_factor
from forces.models import Body, Region, Rocu, Role, User
from recommendations import rules
from recommendations.actions.body_requests import add_event, make_request
from recommendations.actions.correct_review import correct_review
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.enter_outcomes import OutcomeChange, enter_outcomes
from recommendations.actions.evidence import add_evidence
from recommendations.actions.joint_actions import (
    add_joint_event,
    create_joint_action,
    extend_joint_action,
)
from recommendations.actions.report_closures import ClosureCounts, report_closures
from recommendations.actions.respond import respond
from recommendations.actions.review_claim import accept_claim, return_claim
from recommendations.actions.steps import save_step
from recommendations.actions.submit_update import submit_update
from recommendations.models import (
    Assignment,
    BodyRequest,
    BodyRequestEvent,
    Inspection,
    JointAction,
    OutcomeFigure,
    Recommendation,
    Response,
    Review,
    ReviewCorrection,
    Update,
)
from recommendations.register.facts import OutcomeFacts
from recommendations.update_rules import Contradiction

PASSWORD = "correct horse battery staple"
ASSIGNED_AT = datetime(2026, 1, 10, 9, tzinfo=UTC)


class RegionFactory(factory.django.DjangoModelFactory[Region]):
    class Meta:
        model = Region
        django_get_or_create = ("name",)

    name = "South East"


class RocuFactory(factory.django.DjangoModelFactory[Rocu]):
    class Meta:
        model = Rocu
        django_get_or_create = ("name",)

    name = "Eastern"


class ForceFactory(factory.django.DjangoModelFactory[Body]):
    class Meta:
        model = Body

    kind = Body.Kind.FORCE
    short_name = factory.Sequence(lambda n: f"Shire {n}")
    name = factory.LazyAttribute(lambda body: f"{body.short_name} Police")
    slug = factory.LazyAttribute(lambda body: body.short_name.lower().replace(" ", "-"))
    region = factory.SubFactory(RegionFactory)
    rocu = factory.SubFactory(RocuFactory)
    tile_column = factory.Sequence(lambda n: n % 100)
    tile_row = factory.Sequence(lambda n: n // 100)


class NationalBodyFactory(factory.django.DjangoModelFactory[Body]):
    class Meta:
        model = Body

    kind = Body.Kind.NATIONAL
    name = factory.Sequence(lambda n: f"National Body {n}")
    short_name = factory.SelfAttribute("name")
    slug = factory.LazyAttribute(lambda body: body.name.lower().replace(" ", "-"))


class LocalPolicingBodyFactory(factory.django.DjangoModelFactory[Body]):
    class Meta:
        model = Body

    kind = Body.Kind.LOCAL_POLICING_BODY
    force = factory.SubFactory(ForceFactory)
    short_name = factory.LazyAttribute(lambda body: f"{body.force.short_name} PCC")
    name = factory.LazyAttribute(lambda body: f"{body.force.short_name} commissioner")
    slug = factory.LazyAttribute(lambda body: f"{body.force.slug}-pcc")


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda u: f"{u.name.lower().replace(' ', '.')}@example.org")
    password = factory.django.Password(PASSWORD)
    role = Role.ANALYST
    joined_at = ASSIGNED_AT
    has_second_factor = factory.LazyAttribute(
        lambda user: user.role in second_factor.ROLES_WITH_FACTOR
    )


class OfficerFactory(UserFactory):
    """A liaison officer of a new force."""

    role = Role.LIAISON_OFFICER
    body = factory.SubFactory(ForceFactory)


class InspectionFactory(factory.django.DjangoModelFactory[Inspection]):
    class Meta:
        model = Inspection

    slug = factory.Sequence(lambda n: f"inspection-{n}")
    title = "County lines"
    published_on = date(2026, 1, 10)


class RecommendationFactory(factory.django.DjangoModelFactory[Recommendation]):
    class Meta:
        model = Recommendation

    inspection = factory.SubFactory(InspectionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "One intelligence picture"
    text = "Give forces one shared, current picture of the lines."
    theme = "Co-ordination"
    lead_body = factory.SubFactory(NationalBodyFactory)
    due_on = date(2026, 12, 31)
    force_ask = "Send complete intelligence on time."
    force_done_when = "Returns were complete for three months."


class AssignmentFactory(factory.django.DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment

    recommendation = factory.SubFactory(RecommendationFactory)
    body = factory.SubFactory(ForceFactory)
    is_lead = False
    assigned_at = ASSIGNED_AT
    original_due_on = factory.SelfAttribute("recommendation.due_on")
    due_on = factory.SelfAttribute("original_due_on")
    heard_at = factory.SelfAttribute("assigned_at")
    changed_at = factory.SelfAttribute("assigned_at")


def submit(assignment: Assignment, *, at: datetime, by: User | None = None, **answers) -> Update:
    """Submit an update through the actions and return it.

    By default it is in progress, green and forecast for the due date.
    """
    officer = by or OfficerFactory(body=assignment.body)
    status = answers.setdefault("status", "in_progress")
    answers = {
        "confidence": "" if status == "implemented" else "green",
        "account": "Work continues.",
        "signed_off_by": "Superintendent Jo Hale",
        "forecast_on": None if status == "implemented" else assignment.original_due_on,
    } | answers
    draft = open_draft(assignment=assignment, by=officer, at=at)
    everything = list(Contradiction)  # the answers of tests may contradict each other
    draft = save_draft(
        draft=draft, version=draft.version, by=officer, at=at, confirmed=everything, **answers
    )
    update = submit_update(token=draft.token, version=draft.version, by=officer, at=at)
    assignment.refresh_from_db()
    return update


def correct(assignment: Assignment, *, at: datetime, by: User, **answers) -> Update:
    """Correct the latest update and return the correction: in progress unless `answers` differ."""
    last = assignment.updates.order_by("number").last()
    draft = open_draft(assignment=assignment, by=by, at=at, correcting=last)
    confidence, forecast_on = last.confidence or "amber", last.forecast_on or at.date()
    given = {"status": "in_progress", "confidence": confidence, "forecast_on": forecast_on}
    answers = given | answers
    everything = list(Contradiction)
    draft = save_draft(
        draft=draft, version=draft.version, by=by, at=at, confirmed=everything, **answers
    )
    update = submit_update(token=draft.token, version=draft.version, by=by, at=at)
    assignment.refresh_from_db()
    return update


def claim(assignment: Assignment, *, at: datetime, by: User | None = None) -> Update:
    return submit(assignment, at=at, by=by, status="implemented", account="It is done.")


def accept(update: Update, *, at: datetime, by: User | None = None) -> Review:
    return accept_claim(claim=update, by=by or UserFactory(), at=at)


def reverse_review(*, review: Review, reason: str, by: User, at: datetime) -> ReviewCorrection:
    """Correct a review to the opposite decision."""
    review = Review.objects.get(pk=review.pk)
    to = Review.Decision.ACCEPTED if review.is_return else Review.Decision.RETURNED
    return correct_review(review=review, to=to, reason=reason, by=by, at=at)


def send_back(update: Update, *, at: datetime, by: User | None = None) -> Review:
    return return_claim(
        claim=update, reason="The evidence is missing.", by=by or UserFactory(), at=at
    )


def with_evidence(assignment: Assignment, *, by, at) -> Update:
    draft = open_draft(assignment=assignment, by=by, at=at)
    draft = save_draft(
        draft=draft,
        version=draft.version,
        by=by,
        at=at,
        confirmed=list(Contradiction),
        status="implemented",
        confidence="",
        account="Done.",
        signed_off_by="Superintendent Jo Hale",
    )
    content = b"The protocol.\n"
    add_evidence(
        draft=draft, file=io.BytesIO(content), name="p.txt", size=len(content), by=by, at=at
    )
    draft.refresh_from_db()
    return submit_update(token=draft.token, version=draft.version, by=by, at=at)


def add_joint_action(
    assignment: Assignment, *others: Body, at: datetime, by: User | None = None, **values: Any
) -> JointAction:
    """Let the organisation of an assignment create a joint action with others, with one step."""
    by = by or OfficerFactory(body=assignment.body)
    due_on = rules.london_day(at) + timedelta(days=30)
    values = {"title": "One list", "text": "Both use it.", "due_on": due_on} | values
    action = create_joint_action(assignment=assignment, participants=others, by=by, at=at, **values)
    title = "Agree the fields"
    extend_joint_action(action=action, title=title, due_on=action.due_on, by=by, at=at)
    return action


def joint_event(action: JointAction, kind: str, *, at: datetime, by: User, **values: Any):
    """Add the next event of a joint action."""
    values = {"seen": action.events.count(), "text": "It goes on."} | values
    return add_joint_event(action=action, kind=kind, by=by, at=at, **values)


def add_step(assignment, *, at, by, **options):
    """Add a dated step, or with `step` and `seen` change one."""
    values = {"step": None, "seen": 0, "title": "Train staff", "done_on": None, "reason": ""}
    values["due_on"] = rules.london_day(at) + timedelta(days=10)
    return save_step(assignment=assignment, by=by, at=at, **values | options)


def ask(assignment: Assignment, body: Body, *, at: datetime, by: User | None = None, **values: Any):
    """Let the organisation of an assignment make a request to another one."""
    by = by or OfficerFactory(body=assignment.body)
    values = {"kind": "intelligence", "text": "Send the analysis of the lines."} | values
    return make_request(assignment=assignment, body=body, by=by, at=at, **values)


def answer(
    request: BodyRequest, kind: str, *, at: datetime, by: User | None = None, **values: Any
) -> BodyRequestEvent:
    """Add the next event of a request, for the organisation whose turn it is."""
    is_asker = kind in {"confirmed", "returned", "cancelled"}
    by = by or OfficerFactory(body=request.assignment.body if is_asker else request.body)
    reason = "" if kind in {"accepted", "done", "confirmed", "cancelled"} else "Not ours."
    values = {"reason": reason, "promised_on": None, "seen": request.events.count()} | values
    return add_event(request=request, kind=kind, by=by, at=at, **values)


def outcome(**values: Any) -> OutcomeFacts:
    """Return the facts of a figure: lines closed since the start of a programme."""
    facts = {
        "indicator": "lines-closed",
        "scope": "County Lines Programme",
        "period_start": date(2019, 11, 1),
        "period_end": date(2022, 2, 25),
        "value": Decimal(1500),
        "value_high": None,
        "qualifier": "more_than",
        "unit": "lines",
        "is_cumulative": True,
        "breaks_before": False,
        "note": "",
        "source": "Written answer 126769",
    }
    return OutcomeFacts(**facts | values)


def add_outcome(inspection: Inspection, *, by: User, at: datetime, **values: Any) -> OutcomeFigure:
    changes = [OutcomeChange(facts=outcome(**values))]
    (figure,) = enter_outcomes(inspection=inspection, changes=changes, reason="", by=by, at=at)
    return figure


def add_closures(inspection: Inspection, body: Body, *, by: User, at: datetime, **counts: Any):
    """Report the lines of type 1 with an order that a force closed in a month."""
    values = {"kind": "type_1", "has_order": True, "closed": 12, "month": date(2025, 9, 1)}
    values |= {"checked_7": 12, "reopened_7": 5} | counts
    month, seen = values.pop("month"), values.pop("seen", 0)
    return report_closures(
        inspection=inspection,
        body=body,
        month=month,
        counts=[ClosureCounts(**values)],
        seen={(values["kind"], values["has_order"]): seen},
        reason=values.pop("reason", ""),
        by=by,
        at=at,
    )


def respond_to_report(
    inspection: Inspection, *, by: User, at: datetime, body: Body | None = None, **fields: Any
) -> Response:
    """Enter a response of a local policing body, a new one unless `body` is given."""
    values = {
        "recommendation": None,
        "answer": Response.Answer.IN_PART,
        "reason": "Training comes first.",
        "responded_on": inspection.published_on,
        "link": "https://example.org/comments",
        "latest": 0,
    }
    body = body or LocalPolicingBodyFactory()
    return respond(inspection=inspection, body=body, by=by, at=at, **values | fields)
