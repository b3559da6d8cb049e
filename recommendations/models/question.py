"""Questions between an organisation and the analysts on an assignment. Append-only."""

from collections.abc import Sequence

from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, OuterRef, Q, Subquery, UniqueConstraint
from django.db.models.functions import Coalesce

from forces.models import AuditCoverage, User
from recommendations.models.assignment import Assignment


class Side(models.TextChoices):
    """Who writes: the organisation, or the Home Office's analysts."""

    BODY = "body", "The body"
    ANALYSTS = "analysts", "Home Office analysts"


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> "QuestionQuerySet":
        """Questions whose latest entry is by the side that asked (see `is_open_after`)."""
        latest = (
            Reply.objects.filter(question=OuterRef("pk")).order_by("-number").values("side")[:1]
        )
        return self.annotate(last_side=Coalesce(Subquery(latest), F("side"))).filter(
            last_side=F("side")
        )


class Question(models.Model):
    """A question by one side, open until the other side has replied. `number` is from 1."""

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=PROTECT, related_name="questions")

    audit_coverage = AuditCoverage()

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            UniqueConstraint(name="question_number_unique", fields=["assignment", "number"]),
            CheckConstraint(name="question_is_asked", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Question {self.number} on {self.assignment_id}"

    @property
    def side_to_reply(self) -> Side:
        return Side.ANALYSTS if self.side == Side.BODY else Side.BODY

    def is_open_after(self, replies: "Sequence[Reply]") -> bool:
        """Return whether the other side should still reply, after these replies in order."""
        return (replies[-1].side if replies else self.side) == self.side


class Reply(models.Model):
    """A reply by either side; `number` is from 1."""

    question = models.ForeignKey(Question, on_delete=PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField()
    replied_at = models.DateTimeField()
    replied_by = models.ForeignKey(User, on_delete=PROTECT, related_name="replies")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["question", "number"]
        verbose_name_plural = "replies"
        constraints = [
            UniqueConstraint(name="reply_number_unique", fields=["question", "number"]),
            CheckConstraint(name="reply_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Reply {self.number} to question {self.question_id}"
