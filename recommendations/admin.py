"""The register in the admin: actions correct texts and dates; history is read-only."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.forms import ModelForm
from django.http import HttpRequest

from forces.admin import AuditHistoryAdmin, ReadOnlyAdmin
from forces.http import ReaderRequest
from forces.text import refuse_direction_marks
from recommendations import models
from recommendations.actions.amend_recommendation import EDITABLE_FIELDS, amend_recommendation
from recommendations.actions.change_due_date import (
    MISSING_REASON,
    change_due_date,
    due_date_change_error,
    due_date_error,
)


class ReasonForm(forms.ModelForm):
    """Requires a reason for a new due date: every assignment with the date shows it."""

    due_date_field = "due_on"

    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Required if the due date changes. Forces and other organisations can read it.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_direction_marks(cleaned.get("reason", ""), "Reason")
        if self.due_date_field in self.changed_data and not cleaned.get("reason", "").strip():
            self.add_error("reason", MISSING_REASON)
        to = cleaned.get(self.due_date_field)
        if self.due_date_field in self.changed_data and to and (error := self.due_date_error(to)):
            self.add_error(self.due_date_field, error)
        return cleaned

    def due_date_error(self, to: date) -> str:
        return due_date_error(to)


@admin.register(models.Recommendation)
class RecommendationAdmin(AuditHistoryAdmin):
    """Saves through the action, which also changes assignments and records old and new values.

    Texts and what forces are asked to do are edited on the page “Check the text”.
    """

    form = ReasonForm
    list_display = ["reference", "title", "lead_body", "due_on", "inspection"]
    list_display_links = ["reference", "title"]
    list_filter = ["inspection", "theme"]
    list_select_related = ["lead_body", "inspection"]
    readonly_fields = ["inspection", "reference", "text", "lead_body", "partners"]
    fields = [
        *("inspection", "reference", "title", "text", "theme"),
        *("lead_body", "partners", "due_on", "reason"),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(  # type: ignore[override]
        self, request: ReaderRequest, obj: Any, form: ModelForm, change: bool
    ) -> None:
        amend_recommendation(
            recommendation=obj,
            by=request.user,
            at=request.now,
            reason=form.cleaned_data["reason"],
            **{
                name: form.cleaned_data[name]
                for name in EDITABLE_FIELDS
                if name in form.cleaned_data
            },
        )


class RecommendationDueDateForm(ReasonForm):
    """A new due date with a reason: nothing else of an assignment can be changed here."""

    due_date_field = "new_due_on"

    new_due_on = forms.DateField(label="New due date", required=False, widget=AdminDateWidget)

    class Meta:
        model = models.Assignment
        fields: list[str] = []

    def due_date_error(self, to: date) -> str:
        return due_date_change_error(self.instance, to)


@admin.register(models.Assignment)
class AssignmentAdmin(AuditHistoryAdmin):
    form = RecommendationDueDateForm
    list_display = ["body", "recommendation", "status", "due_on", "original_due_on"]
    list_filter = ["status", "recommendation", "body__kind", "body"]
    list_select_related = ["body", "recommendation"]
    search_fields = ["body__name", "recommendation__title"]
    readonly_fields = [
        *("recommendation", "body", "is_lead", "status", "due_on", "original_due_on"),
        *("confidence", "forecast_on", "heard_at"),
    ]
    fields = [*readonly_fields, "new_due_on", "reason"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(  # type: ignore[override]
        self, request: ReaderRequest, obj: Any, form: ModelForm, change: bool
    ) -> None:
        if form.cleaned_data["new_due_on"]:
            change_due_date(
                assignment=obj,
                to=form.cleaned_data["new_due_on"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.now,
            )


@admin.register(models.Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    list_display = ["title", "publisher", "published_on", "is_synthetic"]


@admin.register(models.Update)
class UpdateAdmin(ReadOnlyAdmin):
    list_display = ["assignment", "number", "status", "confidence", "submitted_at", "submitted_by"]
    list_select_related = ["assignment__body", "assignment__recommendation", "submitted_by"]
    list_filter = ["status", "confidence", "submitted_at"]


@admin.register(models.Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["update", "decision", "reviewed_at", "reviewed_by"]
    list_select_related = ["update", "reviewed_by"]
    list_filter = ["decision", "reviewed_at"]


@admin.register(models.DueDateChange, models.Withdrawal)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["assignment", "reason"]
    list_select_related = ["assignment__body", "assignment__recommendation"]


@admin.register(models.FlagEpisode)
class FlagEpisodeAdmin(ReadOnlyAdmin):
    list_display = ["assignment", "flag", "raised_on", "raised_because", "cleared_on"]
    list_select_related = ["assignment__body", "assignment__recommendation"]
    list_filter = ["flag", "raised_on"]


@admin.register(models.OutboxEmail)
class OutboxMailAdmin(ReadOnlyAdmin):
    list_display = [
        *("message_id", "kind", "state", "attempts", "next_attempt_at", "sent_at", "last_error")
    ]
    list_filter = ["kind", "state"]
