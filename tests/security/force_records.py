"""What each of the two forces of the scenario has written."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from forces.models import Body, Role, User
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.evidence import add_evidence
from recommendations.actions.joint_actions import create_joint_action
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.request_approval import request_approval
from recommendations.actions.request_extension import request_extension
from recommendations.actions.submit_update import submit_update
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.models import Assignment, Evidence, Update
from tests.factories import OfficerFactory, UserFactory, accept, add_step, ask, submit
from tests.recommendations.evidence.files import PDF
from tests.world import World

# Numbers of recommendations
NOT_STARTED, CLAIMED, ACCEPTED, DRAFTED, QUESTIONED, EXTENDED, WITHDRAWN = 3, 4, 5, 6, 7, 8, 9
APPROVAL = 10


@dataclass
class ForceRecords:
    """What one of the two forces has written, and the answers it received."""

    officer: User
    assignments: dict[int, Assignment]
    claim: Update
    accepted: Update
    draft_evidence: Evidence
    evidence: Evidence
    question_id: int
    extension_request_id: int
    joint_action_id: int
    body_request_id: int


def create_records(world: World, body: Body, text: str) -> ForceRecords:
    """Create the records of one force. Each of them contains `text`."""
    is_own = body == world.officer.body
    officer = world.officer if is_own else OfficerFactory(name="Es Sex", body=body)
    now, analyst = world.now, world.analyst
    queryset = Assignment.objects.select_related("body", "recommendation").filter(body=body)
    by_number = {assignment.recommendation.number: assignment for assignment in queryset}

    def days_ago(days: int) -> datetime:
        return now - timedelta(days=days)

    evidence = _submit_with_evidence(by_number[ACCEPTED], text, by=officer, at=days_ago(9))
    implemented = {"status": "implemented", "account": text, "by": officer}
    claim = submit(by_number[CLAIMED], at=days_ago(8), **implemented)
    accept(submit(by_number[ACCEPTED], at=days_ago(7), **implemented), at=now, by=analyst)
    submit(by_number[QUESTIONED], at=days_ago(6), by=officer, account=text, next_steps=text)
    draft = open_draft(assignment=by_number[DRAFTED], by=officer, at=now)
    save_draft(draft=draft, version=draft.version, by=officer, at=now, account=text)
    question = ask_question(assignment=by_number[QUESTIONED], text=text, by=officer, at=now)
    reply_to_question(question=question, text=text, by=analyst, at=now)
    later = by_number[QUESTIONED].due_on + timedelta(days=20)
    extension_request = request_extension(
        assignment=by_number[QUESTIONED], to=later, reason=text, by=officer, at=now
    )
    add_step(by_number[QUESTIONED], at=now, by=officer, title=text[:100])
    request = ask(
        by_number[QUESTIONED], world.forces["Norfolk"], at=now, by=officer, text=text[:300]
    )
    change_due_date(assignment=by_number[EXTENDED], to=later, reason=text, by=analyst, at=now)
    withdraw_assignment(
        assignment=by_number[WITHDRAWN], kind="no_further_action", reason=text, by=analyst, at=now
    )
    _send_for_approval(by_number[APPROVAL], text, by=officer, at=now)
    joint_action = create_joint_action(
        assignment=by_number[QUESTIONED], title=text[:100], text=text, due_on=later,
        participants=[world.lead], by=officer, at=now,
    )  # fmt: skip
    by_number[ACCEPTED].refresh_from_db()
    return ForceRecords(
        officer=officer,
        assignments=by_number,
        claim=claim,
        accepted=by_number[ACCEPTED].latest_update,
        draft_evidence=_add_evidence(draft, f"{text}.pdf", by=officer, at=now),
        evidence=evidence,
        question_id=question.pk,
        extension_request_id=extension_request.pk,
        joint_action_id=joint_action.pk,
        body_request_id=request.pk,
    )


def _send_for_approval(assignment: Assignment, text: str, *, by: User, at: datetime) -> None:
    """Let an update wait for a chief officer. Other updates need no approval."""
    body = assignment.body
    UserFactory(name=f"Chief of {body.short_name}", role=Role.CHIEF_OFFICER, body=body)
    draft = open_draft(assignment=assignment, by=by, at=at)
    answers = {"status": "in_progress", "confidence": "green", "account": text}
    answers |= {"forecast_on": assignment.due_on}
    draft = save_draft(draft=draft, version=draft.version, by=by, at=at, **answers)
    Body.objects.filter(pk=body.pk).update(requires_approval=True)
    request_approval(
        assignment=assignment,
        token=draft.token,
        version=draft.version,
        approver=None,
        by=by,
        at=at,
    )
    Body.objects.filter(pk=body.pk).update(requires_approval=False)


def _add_evidence(draft: Any, name: str, *, by: User, at: datetime) -> Evidence:
    size = len(PDF)
    return add_evidence(draft=draft, file=io.BytesIO(PDF), name=name, size=size, by=by, at=at)


def _submit_with_evidence(assignment: Assignment, text: str, *, by: User, at: datetime) -> Evidence:
    draft = open_draft(assignment=assignment, by=by, at=at)
    evidence = _add_evidence(draft, f"{text}.pdf", by=by, at=at)
    draft.refresh_from_db()
    answers = {"status": "in_progress", "confidence": "green", "account": text, "next_steps": text}
    answers |= {"signed_off_by": text, "forecast_on": assignment.due_on}
    draft = save_draft(draft=draft, version=draft.version, by=by, at=at, **answers)
    submit_update(token=draft.token, version=draft.version, by=by, at=at)
    assignment.refresh_from_db()
    return evidence
