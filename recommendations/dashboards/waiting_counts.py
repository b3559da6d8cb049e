"""How much is waiting for one reader: claims, requests for more time and questions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from forces.models import User
from forces.permissions import Permission, may
from recommendations.models import Assignment, DueDateRequest, Inspection, Question
from recommendations.models.question import Side


@dataclass(frozen=True, kw_only=True)
class WaitingCounts:
    """What the reader can do something about now; 0 where that is others' work."""

    claims: int = 0  # to review
    requests: int = 0  # for more time, to decide
    questions: int = 0  # of organisations, to answer
    own_questions: int = 0  # to the reader's organisation, to answer

    @property
    def total(self) -> int:
        return sum(self.by_url_name.values())

    @property
    def by_url_name(self) -> dict[str, int]:
        """The counts by the name of the page that lists what is counted."""
        return {
            "reviews": self.claims,
            "deadlines": self.requests,
            "all_questions": self.questions,
            "force": self.own_questions,
        }


def waiting_counts(inspection: Inspection | None, reader: User) -> WaitingCounts:
    """Return the counts; one query, or none for readers for whom nothing can wait."""
    rows = _rows(reader)
    if inspection is None or not rows:
        return WaitingCounts()
    counts = {
        name: _count(queryset.filter(**{f"{path}recommendation__inspection": inspection}))
        for name, (queryset, path) in rows.items()
    }
    return WaitingCounts(**Inspection.objects.filter(pk=inspection.pk).values(**counts).get())


def _rows(reader: User) -> dict[str, tuple[QuerySet[Any], str]]:
    """What waits for the reader, by the field of WaitingCounts, with the path to the assignment."""
    rows: dict[str, tuple[QuerySet[Any], str]] = {}
    if may(reader, Permission.REVIEW_CLAIMS):
        rows["claims"] = (Assignment.objects.waiting_for_review(), "")
        rows["questions"] = (Question.objects.open().filter(side=Side.BODY), "assignment__")
    elif may(reader, Permission.SUBMIT_UPDATES) and reader.body_id is not None:
        questions = Question.objects.open().filter(side=Side.ANALYSTS)
        rows["own_questions"] = (questions.filter(assignment__body=reader.body_id), "assignment__")
    if may(reader, Permission.DECIDE_DUE_DATES):
        rows["requests"] = (DueDateRequest.objects.filter(decision=None), "assignment__")
    return rows


def _count(rows: QuerySet[Any]) -> Coalesce:
    """The number of rows as an expression."""
    grouped = rows.order_by().values(everything=Value(1)).annotate(number=Count("pk"))
    return Coalesce(Subquery(grouped.values("number"), output_field=IntegerField()), 0)
