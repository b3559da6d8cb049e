"""Sets whether a chief officer has to approve an organisation's updates."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.permissions import may_require_approval
from forces.refusal import Refusal
from recommendations.actions.change import outdate_current_snapshots
from recommendations.readers import chief_officers
from recommendations.rules import london_day

ALREADY_CHANGED = (
    "Someone else has changed whether updates need approval. Your change was not saved. Check the "
    "setting again."
)


@transaction.atomic
def require_approval(*, body: Body, wanted: bool, shown: bool, by: User, at: datetime) -> None:
    """Switch approval on or off. Updates that wait for approval still do after it is off.

    Raises Refusal if nobody could approve, if the user may not decide it, or where the setting is
    no longer as `shown` and the form did not change it.
    """
    if not may_require_approval(by, body):
        raise Refusal("Only an administrator or a chief officer of the force can change this.")
    locked = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    if locked.requires_approval == wanted:
        return
    if shown == wanted:
        raise Refusal(ALREADY_CHANGED)
    if wanted and not chief_officers(locked, on=london_day(at)).exists():
        raise Refusal(no_chief_officer(locked))
    Body.objects.filter(pk=body.pk).update(requires_approval=wanted)
    audit.record(
        at=at,
        act="approval of updates switched on" if wanted else "approval of updates switched off",
        actor=by,
        subject=body,
        body=body,
    )
    outdate_current_snapshots()


def no_chief_officer(body: Body) -> str:
    """Return why nobody can approve an update."""
    return (
        f"{body.name} has no chief officer with an account, so nobody could approve an update. Ask "
        "an administrator to invite one."
    )
