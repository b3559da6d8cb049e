"""Makes one force require approval, and an update of it wait for its chief officer."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from forces import audit
from forces.models import Body, Role, User
from recommendations.actions.submit_update import content_hash
from recommendations.demonstration.phrases import themed
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.models import ApprovalRequest, Draft
from recommendations.models.answers import ReportedStatus
from recommendations.rules import LONDON, OPEN, Confidence


def write_approval(
    histories: list[AssignmentHistory], *, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write a request of the day before; return how many, and the events to record."""
    chief = User.objects.select_related("body").get(role=Role.CHIEF_OFFICER)
    assert chief.body is not None
    Body.objects.filter(pk=chief.body.pk).update(requires_approval=True)
    history = next(
        (
            history
            for history in histories
            if history.assignment.body_id == chief.body_id and history.states[-1].status in OPEN
        ),
        None,
    )
    if history is None:
        return 0, []
    at = datetime.combine(as_of - timedelta(days=1), time(17, 5), tzinfo=LONDON)
    officer = rng.choice([officer for officer in history.plan.officers if officer.is_active])
    draft = Draft.objects.create(
        assignment=history.assignment,
        token=UUID(int=rng.getrandbits(128), version=4),
        started_at=at,
        saved_at=at,
        saved_by=officer,
        status=ReportedStatus.IN_PROGRESS,
        confidence=Confidence.AMBER,
        forecast_on=as_of + timedelta(days=60),
        account=themed(rng, history.plan.theme, "under_way"),
    )
    request = ApprovalRequest.objects.create(
        assignment=history.assignment,
        number=1,
        token=draft.token,
        sha256=content_hash(draft),
        approver=chief,
        requested_at=at,
        requested_by=officer,
    )
    Draft.objects.filter(pk=draft.pk).update(approval_request=request)
    event = audit.NewEvent(
        at=at,
        act="approval requested",
        actor=officer,
        subject=request,
        body=chief.body,
        rows=[request],
        details={"assignment": history.assignment.pk, "approver": chief.pk},
    )
    return 1, [event]
