"""Changes many due dates at once, exactly as a preview showed them."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import lock
from recommendations.actions.change_due_date import change_due_dates
from recommendations.models import Assignment, DueDateChange


@transaction.atomic
def change_many_due_dates(
    *, moves: Mapping[int, tuple[date, date]], reason: str, by: User, at: datetime
) -> list[DueDateChange]:
    """Change due dates from one London day to another, by primary key; all of them or none.

    Raises Refusal if an assignment no longer has the first date, or has been closed.
    """
    if not moves:
        raise Refusal("There are no due dates to change.")
    lock(moves)
    for assignment in Assignment.objects.filter(pk__in=moves).select_related(
        "body", "recommendation"
    ):
        old, _ = moves[assignment.pk]
        if assignment.due_on != old:
            raise Refusal(
                f"The due date of {assignment} has changed since you opened this page. Check it "
                "and try again. No due dates were changed."
            )
    try:
        due_dates = {key: new for key, (_, new) in moves.items()}
        return change_due_dates(to=due_dates, reason=reason, by=by, at=at)
    except Refusal as refusal:
        raise Refusal(f"{refusal} No due dates were changed.") from None
