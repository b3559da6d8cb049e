"""How much is waiting for one reader: claims, requests for more time and questions.

Every page shows the counts, and whatever changes them raises the inspection's revision. So each
process keeps the counts of the latest revisions.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from forces.models import User
from forces.permissions import Permission, may
from recommendations.models import Inspection
from recommendations.models.question import Side
from recommendations.rules import Status

# In SQL, because every page shows the counts. A test compares them with the querysets.
_OPEN_QUESTIONS = """(
    SELECT count(*) FROM recommendations_question q
    JOIN recommendations_assignment a ON a.id = q.assignment_id
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    WHERE m.inspection_id = %(inspection)s AND q.side = %(side)s
      AND (%(body)s::bigint IS NULL OR a.body_id = %(body)s)
      AND q.side = coalesce((SELECT r.side FROM recommendations_reply r
                             WHERE r.question_id = q.id ORDER BY r.number DESC LIMIT 1), q.side)
)"""
_COUNTS = {
    "claims": """(
        SELECT count(*) FROM recommendations_assignment a
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        WHERE m.inspection_id = %(inspection)s AND a.status = %(waiting)s
    )""",
    "requests": """(
        SELECT count(*) FROM recommendations_duedaterequest d
        JOIN recommendations_assignment a ON a.id = d.assignment_id
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        WHERE m.inspection_id = %(inspection)s
          AND NOT EXISTS (SELECT FROM recommendations_duedatedecision WHERE request_id = d.id)
    )""",
    "questions": _OPEN_QUESTIONS,
    "own_questions": _OPEN_QUESTIONS,
    "joint_actions": """(
        SELECT count(*) FROM recommendations_jointaction j
        JOIN recommendations_assignment a ON a.id = j.assignment_id
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        WHERE m.inspection_id = %(inspection)s
          AND (SELECT e.kind FROM recommendations_jointevent e
               WHERE e.action_id = j.id ORDER BY e.number DESC LIMIT 1) = 'closed'
    )""",
    "body_requests": """(
        SELECT count(*) FROM recommendations_bodyrequest r
        JOIN recommendations_assignment a ON a.id = r.assignment_id
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        JOIN forces_body asked ON asked.id = r.body_id
        JOIN forces_body asker ON asker.id = a.body_id
        LEFT JOIN LATERAL (
            SELECT e.kind FROM recommendations_bodyrequestevent e
            WHERE e.request_id = r.id ORDER BY e.number DESC LIMIT 1
        ) last ON true
        WHERE m.inspection_id = %(inspection)s
          AND (coalesce(asked.succeeded_by_id, asked.id) = %(body)s
                 AND coalesce(last.kind, 'returned') IN ('accepted', 'returned')
               OR coalesce(asker.succeeded_by_id, asker.id) = %(body)s
                 AND last.kind IN ('done', 'declined', 'disputed'))
    )""",
    "second_reviews": """(
        SELECT count(*) FROM recommendations_assignment a
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        WHERE m.inspection_id = %(inspection)s AND a.is_self_assessed
    )""",
    "approvals": """(
        SELECT count(*) FROM recommendations_draft d
        JOIN recommendations_assignment a ON a.id = d.assignment_id
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        WHERE m.inspection_id = %(inspection)s AND a.body_id = %(body)s
          AND d.approval_request_id IS NOT NULL
    )""",
}


@dataclass(frozen=True, kw_only=True)
class WaitingCounts:
    """What the reader can do something about now; 0 where that is others' work."""

    claims: int = 0  # to review
    requests: int = 0  # for more time, to decide
    questions: int = 0  # of organisations, to answer
    own_questions: int = 0  # to the reader's organisation, to answer
    joint_actions: int = 0  # that their owners have closed, to accept
    body_requests: int = 0  # between organisations: the turn is that of the reader's
    second_reviews: int = 0  # of claims that are self-assessed
    approvals: int = 0  # of updates of the reader's organisation

    @property
    def total(self) -> int:
        return sum(self.by_url_name.values())

    @property
    def by_url_name(self) -> dict[str, int]:
        """The counts by the name of the page that lists what is counted."""
        return {
            "reviews": self.claims,
            "second_reviews": self.second_reviews,
            "joint_actions": self.joint_actions,
            "deadlines": self.requests,
            "all_questions": self.questions,
            "force": self.own_questions + self.body_requests + self.approvals,
        }


def waiting_counts(inspection: Inspection | None, reader: User) -> WaitingCounts:
    """Return the counts; at most one query."""
    names = _names(reader)
    if inspection is None or not names:
        return WaitingCounts()
    is_own = "own_questions" in names or "approvals" in names
    body_id = reader.body_id if is_own else None
    return counts_at_revision(inspection.pk, inspection.revision, names, body_id)


@lru_cache(maxsize=64)
def counts_at_revision(
    inspection_id: int, revision: int, names: tuple[str, ...], body_id: int | None
) -> WaitingCounts:
    """Return the counts of these names; 1 query if this process has not counted them before."""
    parameters: dict[str, Any] = {
        "inspection": inspection_id,
        "waiting": Status.EVIDENCE_SUBMITTED,
        "side": Side.BODY if body_id is None else Side.ANALYSTS,
        "body": body_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_COUNTS[name] for name in names)}", parameters)
        return WaitingCounts(**dict(zip(names, cursor.fetchone(), strict=True)))


def _names(reader: User) -> tuple[str, ...]:
    """The fields of WaitingCounts that count work of the reader."""
    names: list[str] = []
    if may(reader, Permission.REVIEW_CLAIMS):
        names += ["claims", "questions", "joint_actions"]
    elif may(reader, Permission.SUBMIT_UPDATES) and reader.body_id is not None:
        names += ["own_questions", "body_requests"]
    elif may(reader, Permission.APPROVE_UPDATES) and reader.body_id is not None:
        names.append("approvals")
    elif may(reader, Permission.REVIEW_AGAIN):
        names.append("second_reviews")
    if may(reader, Permission.DECIDE_DUE_DATES):
        names.append("requests")
    return tuple(names)
