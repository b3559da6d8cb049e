"""Joint actions: work of several organisations with one owner. All rows are append-only."""

from datetime import datetime

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Prefetch, Q, UniqueConstraint

from forces.models import AuditCoverage, Body, User
from recommendations.models.assignment import Assignment
from recommendations.models.inspection import Inspection
from recommendations.models.update import Update

MAX_TITLE_LENGTH = 100


class JointActionQuerySet(models.QuerySet["JointAction"]):
    def of(
        self, inspection: Inspection, *, before: datetime | None = None
    ) -> "JointActionQuerySet":
        """Return the joint actions of an inspection with all their rows; 4 queries.

        `before`: only the rows that were recorded before this instant.
        """
        rows = self.filter(assignment__recommendation__inspection=inspection)
        participants = JointParticipant.objects.select_related("body", "added_by").order_by("pk")
        steps = JointStep.objects.select_related("added_by").order_by("due_on", "number")
        events = JointEvent.objects.select_related("by", "step", "update").order_by("number")
        if before is not None:
            rows = rows.filter(created_at__lt=before)
            participants = participants.filter(added_at__lt=before)
            steps = steps.filter(added_at__lt=before)
            events = events.filter(happened_at__lt=before)
        related = rows.select_related(
            "assignment__recommendation", "assignment__body", "created_by"
        )
        return related.order_by("due_on", "pk").prefetch_related(
            Prefetch("participants", queryset=participants),
            Prefetch("steps", queryset=steps),
            Prefetch("events", queryset=events),
        )


class JointAction(models.Model):
    """What several organisations do together for a recommendation, by a London day.

    `assignment` is that of the owner, and can be implemented before the joint action ends.
    `number` counts the joint actions of an assignment from 1. The work of an organisation that has
    ended is done by the one that succeeds it.
    """

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="joint_actions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=MAX_TITLE_LENGTH)
    text = models.TextField()
    due_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=PROTECT, related_name="joint_actions")

    audit_coverage = AuditCoverage()

    objects = JointActionQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            UniqueConstraint(name="joint_action_number_unique", fields=["assignment", "number"]),
            CheckConstraint(name="joint_action_has_text", condition=~Q(title="") & ~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> Body:
        return self.assignment.body

    @property
    def bodies(self) -> list[Body]:
        """Return the owner and the participants; no query if selected with the queryset's `of`."""
        return [self.owner, *(row.body for row in self.participants.all())]


class JointParticipant(models.Model):
    """An organisation that takes part in a joint action, beside its owner."""

    action = models.ForeignKey(JointAction, on_delete=PROTECT, related_name="participants")
    body = models.ForeignKey(Body, on_delete=PROTECT, related_name="joint_participations")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=PROTECT, related_name="joint_participants_added")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["action", "pk"]
        constraints = [
            UniqueConstraint(name="joint_participant_once", fields=["action", "body"]),
        ]

    def __str__(self) -> str:
        return f"Organisation {self.body_id} in joint action {self.action_id}"


class JointStep(models.Model):
    """A part of a joint action with a due day. An event says that it is done."""

    action = models.ForeignKey(JointAction, on_delete=PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=MAX_TITLE_LENGTH)
    due_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=PROTECT, related_name="joint_steps_added")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["action", "number"]
        constraints = [
            UniqueConstraint(name="joint_step_number_unique", fields=["action", "number"]),
            CheckConstraint(name="joint_step_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.due_on}"


class JointEvent(models.Model):
    """What happened in a joint action. `number` counts its events from 1.

    `body` is the organisation that acts, None for analysts. `update` is the owner's, whose files
    are the evidence for closing. A trigger checks the order, and that nobody accepts their own.
    """

    class Kind(models.TextChoices):
        PROGRESS = "progress", "Update"
        STEP_DONE = "step_done", "Step done"
        CLOSED = "closed", "Closed by the owner"
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned"
        CANCELLED = "cancelled", "Cancelled"

    action = models.ForeignKey(JointAction, on_delete=PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    body = models.ForeignKey(Body, on_delete=PROTECT, null=True, related_name="joint_events")
    step = models.ForeignKey(JointStep, on_delete=PROTECT, null=True, related_name="events")
    update = models.ForeignKey(Update, on_delete=PROTECT, null=True, related_name="joint_events")
    text = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=PROTECT, related_name="joint_events")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["action", "number"]
        constraints = [
            UniqueConstraint(name="joint_event_number_unique", fields=["action", "number"]),
            UniqueConstraint(name="joint_step_done_once", fields=["step"]),
            CheckConstraint(
                name="joint_event_body",
                condition=Q(kind__in=["accepted", "returned"], body=None)
                | Q(kind__in=["progress", "step_done", "closed", "cancelled"], body__isnull=False),
            ),
            CheckConstraint(
                name="joint_event_step",
                condition=Q(kind="step_done", step__isnull=False)
                | ~Q(kind="step_done") & Q(step=None),
            ),
            CheckConstraint(
                name="joint_event_evidence",
                condition=Q(kind="closed", update__isnull=False)
                | ~Q(kind="closed") & Q(update=None),
            ),
            CheckConstraint(
                name="joint_event_text",
                condition=Q(kind__in=["step_done", "accepted"]) | ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: joint action {self.action_id}"
