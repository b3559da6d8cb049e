"""Retention rules for data that are stored permanently."""

from forces.models import (
    AuditEvent,
    Body,
    BodyEnd,
    BodyName,
    DatabaseIdentity,
    Membership,
    Region,
    Rocu,
)
from recommendations.models import (
    ApprovalDecision,
    ApprovalRequest,
    AspectCheck,
    Assignment,
    BodyRequest,
    BodyRequestEvent,
    Closure,
    Digest,
    DigestWeek,
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
    Recommendation,
    Reply,
    Response,
    Review,
    ReviewCorrection,
    SecondReview,
    Snapshot,
    Step,
    Update,
    UpdateSearch,
    Withdrawal,
)
from recommendations.retention.rule import Rule

PERMANENT_RULES = (
    Rule(
        what="Whether a weekly email was sent to you",
        why="So that we never send a weekly email twice. It contains no text, name or address.",
        of=[Digest, DigestWeek],
    ),
    Rule(
        what="Updates, approvals, evidence, reviews, questions, due dates, flags, text checks, "
        "responses, steps, joint actions, outcome figures, closures, quoted figures and requests "
        "between organisations",
        why="They are the record of how the recommendations were implemented. The database does "
        "not allow anyone to change or delete them.",
        of=[
            *(ApprovalRequest, ApprovalDecision),
            *(
                Update,
                UpdateSearch,
                Evidence,
                Review,
                ReviewCorrection,
                SecondReview,
                Question,
                Reply,
            ),
            *(Withdrawal, Ending, DueDateRequest, DueDateDecision, DueDateChange, FlagEpisode),
            *(AspectCheck, Response, Step, OutcomeFigure, Closure, Quote),
            *(JointAction, JointParticipant, JointStep, JointEvent),
            *(BodyRequest, BodyRequestEvent),
        ],
    ),
    Rule(
        what="The audit trail",
        why="It shows who did what. It identifies people by number, so it stays complete when a "
        "person is removed.",
        of=[AuditEvent],
    ),
    Rule(
        what="Which organisations people acted for, in which role and when",
        why="To know who could do what on a day. It identifies people by number.",
        of=[Membership],
    ),
    Rule(
        what="The register: organisations, recommendations and their status",
        why="It is the purpose of the service, and contains no personal data.",
        of=[
            *(
                Body,
                BodyEnd,
                BodyName,
                Region,
                Rocu,
                Inspection,
                Recommendation,
                Assignment,
                Snapshot,
            ),
            DatabaseIdentity,
        ],
    ),
)
