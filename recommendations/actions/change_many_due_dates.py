"""Moving many due dates in one act, exactly as a preview showed it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import lock
from recommendations.actions.change_due_date import change_due_dates
from recommendations.models import Assignment, DueDateChange


@transaction.atomic
def move_due_dates(
    *, moves: Mapping[int, tuple[date, date]], reason: str, by: User, at: datetime
) -> list[DueDateChange]:
    """Move each assignment (by key) from one London day to another; all of them or none.

    Raises Refusal where one has another due date than the first, or is closed meanwhile.
    """
    if not moves:
        raise Refusal("There is no due date to move.")
    lock(moves)
    for assignment in Assignment.objects.filter(pk__in=moves).select_related(
        "body", "recommendation"
    ):
        before, _ = moves[assignment.pk]
        if assignment.due_on != before:
            raise Refusal(
                f"The due date of {assignment} was changed after you looked. Look again before you "
                "move it; nothing was moved."
            )
    try:
        days = {key: to for key, (_, to) in moves.items()}
        return change_due_dates(to=days, reason=reason, by=by, at=at)
    except Refusal as refusal:
        raise Refusal(f"{refusal} Nothing was moved.") from None
