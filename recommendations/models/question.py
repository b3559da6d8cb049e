"""A short thread between a body and the analysts on one assignment. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from recommendations.models.assignment import Assignment


class Side(models.TextChoices):
    """Who speaks: the body, or the Home Office's analysts."""

    BODY = "body", "The body"
    ANALYSTS = "analysts", "Home Office analysts"


class Question(models.Model):
    """Asked by one side; it is open until the other side has replied. `number` counts from 1."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions"
    )

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            models.UniqueConstraint(name="question_number_unique", fields=["assignment", "number"]),
            models.CheckConstraint(name="question_is_asked", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Question {self.number} on {self.assignment_id}"


class Reply(models.Model):
    """Either side goes on with the thread; `number` counts from 1."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField()
    replied_at = models.DateTimeField()
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies"
    )

    class Meta:
        ordering = ["question", "number"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(name="reply_number_unique", fields=["question", "number"]),
            models.CheckConstraint(name="reply_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Reply {self.number} to question {self.question_id}"
