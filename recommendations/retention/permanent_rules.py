"""Retention rules for data that are stored permanently."""

from forces.models import AuditEvent, Body, BodyName, DatabaseIdentity, Region, Rocu
from recommendations.models import (
    Assignment,
    Digest,
    DigestWeek,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    Evidence,
    FlagEpisode,
    Inspection,
    Question,
    Recommendation,
    Reply,
    Review,
    ReviewCorrection,
    Snapshot,
    Update,
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
        what="Updates, evidence, reviews, questions, due dates and flags",
        why="They are the record of how the recommendations were implemented. The database does "
        "not allow anyone to change or delete them.",
        of=[
            *(Update, Evidence, Review, ReviewCorrection, Question, Reply, Withdrawal),
            *(DueDateRequest, DueDateDecision, DueDateChange, FlagEpisode),
        ],
    ),
    Rule(
        what="The audit trail",
        why="It shows who did what. It identifies people by number, so it stays complete when a "
        "person is removed.",
        of=[AuditEvent],
    ),
    Rule(
        what="The register: organisations, recommendations and their status",
        why="It is the purpose of the service, and contains no personal data.",
        of=[
            *(Body, BodyName, Region, Rocu, Inspection, Recommendation, Assignment, Snapshot),
            DatabaseIdentity,
        ],
    ),
)
