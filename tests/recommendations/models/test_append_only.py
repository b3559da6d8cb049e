"""The database itself rejects changes to submitted rows."""

import io
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from forces.models import AuditEvent, Role
from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.aspect_checks import Source
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.decide_extension import refuse_request
from recommendations.actions.drafts import open_draft
from recommendations.actions.evidence import add_evidence
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.quote_figure import quote_figure
from recommendations.actions.request_extension import request_extension
from recommendations.actions.review_again import confirm_acceptance
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import (
    Aspect,
    AspectCheck,
    Assignment,
    BodyRequest,
    BodyRequestEvent,
    Closure,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    Ending,
    Evidence,
    FlagEpisode,
    Inspection,
    JointAction,
    JointEvent,
    JointParticipant,
    JointStep,
    OutcomeFigure,
    Question,
    Quote,
    Reply,
    Response,
    Review,
    ReviewCorrection,
    SecondReview,
    Step,
    Update,
    Withdrawal,
)
from recommendations.positions import flag_episodes
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    InspectionFactory,
    NationalBodyFactory,
    OfficerFactory,
    UserFactory,
    accept,
    add_closures,
    add_joint_action,
    add_outcome,
    add_step,
    answer,
    ask,
    claim,
    joint_event,
    respond_to_report,
    reverse_review,
    send_back,
    submit,
)

pytestmark = pytest.mark.django_db
NEXT = ASSIGNED_AT + timedelta(days=1)


@pytest.fixture
def history():
    """At least one row in every append-only table."""
    assignment = AssignmentFactory()
    send_back(claim(assignment, at=ASSIGNED_AT), at=ASSIGNED_AT)
    by = UserFactory()
    change_due_date(
        assignment=assignment, to=date(2026, 1, 12), reason="Sooner.", by=by, at=ASSIGNED_AT
    )
    amend_recommendation(
        recommendation=assignment.recommendation,
        sources={Aspect.GIST: Source("The report", "9")},
        by=by,
        at=NEXT,
    )
    flag_episodes.settle(Assignment.objects.all(), on=date(2026, 1, 13))
    add_step(assignment, at=NEXT, by=by)
    officer = OfficerFactory(body=assignment.body)
    joint = add_joint_action(assignment, NationalBodyFactory(), at=NEXT, by=officer)
    joint_event(joint, "progress", at=NEXT, by=officer)
    answer(ask(assignment, NationalBodyFactory(), at=NEXT), "done", at=NEXT)
    inspection = assignment.recommendation.inspection
    add_outcome(inspection, by=by, at=NEXT)
    quote_figure(figure="overdue", inspection=inspection, by=by, at=NEXT)
    respond_to_report(inspection, by=by, at=NEXT)
    add_closures(inspection, assignment.body, by=by, at=NEXT)
    withdraw_assignment(
        assignment=AssignmentFactory(), kind="no_further_action", reason="Merged.", by=by, at=NEXT
    )
    _add_corrections_and_questions(by)
    connection.check_constraints()  # pending checks would stop TRUNCATE, too


CHANGES: dict[Any, dict[str, Any]] = {
    Update: {"account": "Rewritten."},
    Review: {"reason": "Rewritten."},
    DueDateChange: {"to_due_on": date(2030, 1, 1)},
    Ending: {"kind": "not_accepted"},
    Withdrawal: {"reason": "Rewritten."},
    ReviewCorrection: {"reason": "Rewritten."},
    SecondReview: {"comment": "Rewritten."},
    DueDateRequest: {"reason": "Rewritten."},
    DueDateDecision: {"words": "Rewritten."},
    Question: {"text": "Rewritten."},
    Reply: {"text": "Rewritten."},
    Evidence: {"name": "Rewritten."},
    FlagEpisode: {"raised_on": date(2020, 1, 1)},
    AspectCheck: {"source": "Rewritten."},
    OutcomeFigure: {"note": "Rewritten."},
    Quote: {"sentence": "Rewritten."},
    Closure: {"closed": 9},
    Response: {"reason": "Rewritten."},
    Step: {"title": "Rewritten."},
    JointAction: {"title": "Rewritten."},
    JointParticipant: {"added_at": NEXT},
    JointStep: {"title": "Rewritten."},
    JointEvent: {"text": "Rewritten."},
    BodyRequest: {"text": "Rewritten."},
    BodyRequestEvent: {"kind": "declined", "reason": "Rewritten."},
    AuditEvent: {"act": "nothing happened"},
}


def test_append_only_rows_cannot_be_updated_deleted_or_truncated(history):
    accepted = []
    for model, change in CHANGES.items():
        assert model.objects.exists(), model
        for name, statement in {
            "update": partial(model.objects.update, **change),
            "delete": partial(model.objects.all()._raw_delete, "default"),
            "truncate": partial(_execute, f"TRUNCATE {model._meta.db_table} CASCADE"),
        }.items():
            try:
                with transaction.atomic():
                    statement()
                accepted.append((model.__name__, name))
            except IntegrityError:
                pass
    assert accepted == []


def _add_corrections_and_questions(by) -> None:
    own = AssignmentFactory(body=NationalBodyFactory(reviews_claims=True))
    accepted = accept(claim(own, at=ASSIGNED_AT), at=ASSIGNED_AT).update
    second = UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory())
    confirm_acceptance(claim=accepted, comment="", by=second, at=NEXT)
    assignment = AssignmentFactory()
    officer = OfficerFactory(body=assignment.body)
    draft = open_draft(assignment=assignment, by=officer, at=ASSIGNED_AT)
    file = io.BytesIO(b"All of it is done.")
    add_evidence(draft=draft, file=file, name="a.txt", size=18, by=officer, at=ASSIGNED_AT)
    review = send_back(claim(assignment, at=ASSIGNED_AT, by=officer), at=ASSIGNED_AT)
    reverse_review(review=review, reason="Misread.", by=by, at=NEXT)
    reverse_review(review=review, reason="It was right.", by=by, at=NEXT)
    to = assignment.due_on + timedelta(days=9)
    request = request_extension(assignment=assignment, to=to, reason="Late.", by=officer, at=NEXT)
    refuse_request(request=request, words="No.", by=by, at=NEXT)
    question = ask_question(assignment=assignment, text="When?", by=by, at=NEXT)
    reply_to_question(question=question, text="Soon.", by=officer, at=NEXT)


def test_evidence_cannot_be_added_to_a_submitted_update():
    update = submit(AssignmentFactory(), at=ASSIGNED_AT)
    Evidence.objects.create(
        update=update,
        name="late.pdf",
        kind="application/pdf",
        size=1,
        sha256="0" * 64,
        scan="not_scanned",
        uploaded_at=NEXT,
        uploaded_by=update.submitted_by,
    )
    with pytest.raises(IntegrityError, match="not what was submitted with it"):
        connection.check_constraints()


def test_a_flag_episode_can_be_cleared_only_once(history):
    episode = FlagEpisode.objects.filter(cleared_on=None).first()
    ending = {"cleared_on": date(2026, 2, 1), "cleared_because": "time passed"}
    FlagEpisode.objects.filter(pk=episode.pk).update(**ending)
    with pytest.raises(IntegrityError, match="ended once"), transaction.atomic():
        FlagEpisode.objects.filter(pk=episode.pk).update(cleared_on=None, cleared_because="")


def test_no_update_may_follow_a_claim_awaiting_review():
    first = claim(AssignmentFactory(), at=ASSIGNED_AT)
    _insert(first, number=2, submitted_at=NEXT)
    with pytest.raises(IntegrityError, match="a claim is waiting or was accepted"):
        connection.check_constraints()


def test_an_update_may_not_be_older_than_the_previous_one():
    first = submit(AssignmentFactory(), at=NEXT)
    _insert(first, number=2, submitted_at=ASSIGNED_AT)
    with pytest.raises(IntegrityError, match="does not follow"):
        connection.check_constraints()


def test_only_a_claim_can_be_reviewed():
    update = submit(AssignmentFactory(), at=ASSIGNED_AT)
    Review.objects.create(
        update=update, decision="accepted", reviewed_at=NEXT, reviewed_by=UserFactory()
    )
    with pytest.raises(IntegrityError, match="Only a claim is reviewed"):
        connection.check_constraints()


def test_a_due_date_change_must_start_from_the_current_due_date():
    assignment = AssignmentFactory()
    DueDateChange.objects.create(
        assignment=assignment,
        number=1,
        from_due_on=date(2026, 1, 1),
        to_due_on=date(2026, 2, 1),
        reason="It was never due then.",
        decided_at=NEXT,
        decided_by=UserFactory(),
    )
    with pytest.raises(IntegrityError, match="does not follow the one before it"):
        connection.check_constraints()


def test_real_and_synthetic_inspections_cannot_share_a_database():
    InspectionFactory(is_synthetic=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        InspectionFactory(is_synthetic=True)
    InspectionFactory(is_synthetic=False)
    assert Inspection.objects.count() == 2


def _insert(first: Update, *, number: int, submitted_at) -> None:
    Update.objects.create(
        assignment=first.assignment,
        number=number,
        token=f"00000000-0000-0000-0000-00000000000{number}",
        submitted_at=submitted_at,
        submitted_by=OfficerFactory(),
        status="in_progress",
        confidence="green",
        account="Slipped in.",
        forecast_on=date(2026, 12, 31),
    )


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
