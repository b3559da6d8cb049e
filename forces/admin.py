"""Organisations, people and the audit trail in the admin. Changes are audited with from and to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from forces import audit
from forces.accounts import emails
from forces.accounts.access import access_changed
from forces.accounts.administration import is_last_administrator
from forces.accounts.sessions import end_sessions
from forces.http import ReaderRequest
from forces.models import AuditEvent, Body, Departure, Region, Rocu, Role, User
from forces.names import keep_former_name

MAX_HISTORY_EVENTS = 200
PERSONAL_FIELDS = frozenset({"email", "name"})
ACCESS_FIELDS = frozenset({"email", "role", "body", "is_active"})  # a change ends all sessions


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows can be viewed, but not added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AuditHistoryAdmin(admin.ModelAdmin):
    """The history page shows the audit trail of the object. Nothing can be deleted."""

    object_history_template = "admin/audit_history.html"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        events = AuditEvent.objects.filter(
            subject_type=self.model._meta.model_name, subject_id=object_id
        )
        latest = events.select_related("actor").order_by("-position")[:MAX_HISTORY_EVENTS]
        return super().history_view(
            request, object_id, {"audit_events": latest} | (extra_context or {})
        )


class AuditedAdmin(AuditHistoryAdmin):
    """Records the changed fields of every save; only the names of those in `unrecorded_fields`."""

    unrecorded_fields: frozenset[str] = frozenset()

    def save_model(  # type: ignore[override]
        self, request: ReaderRequest, obj: Model, form: ModelForm, change: bool
    ) -> None:
        if change:  # only these fields: somebody else may have changed the others since
            obj.save(update_fields=[name for name in form.changed_data if name in _columns(obj)])
        else:
            super().save_model(request, obj, form, change)
        name = self.model._meta.verbose_name
        audit.record(
            at=request.now,
            act=f"{name} {'changed' if change else 'added'}",
            actor=request.user,
            subject=obj,
            changes={field: self._from_and_to(form, field) for field in form.changed_data},
        )

    def _from_and_to(self, form: ModelForm, field: str) -> dict[str, str]:
        if field in self.unrecorded_fields:
            return {"to": "changed"}
        before = form.get_initial_for_field(form.fields[field], field)
        return {"from": str(before), "to": str(form.cleaned_data.get(field, ""))}


def _columns(row: Model) -> set[str]:
    return {field.name for field in row._meta.concrete_fields}


@admin.register(Region, Rocu)
class GroupAdmin(AuditedAdmin):
    search_fields = ["name"]


@admin.register(Body)
class BodyAdmin(AuditedAdmin):
    list_display = ["short_name", "kind", "region", "rocu"]
    list_filter = ["kind", "region", "rocu"]
    list_select_related = ["region", "rocu"]
    search_fields = ["name", "short_name", "slug", "names__name", "names__short_name"]
    readonly_fields = ["slug", "requires_approval", "page_of_names"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """An organisation gets a new name with a date, and the setting, on pages of their own."""
        return [*self.readonly_fields, *(["name", "short_name"] if obj else [])]

    @admin.display(description="names")
    def page_of_names(self, body: Body) -> str:
        if not body.slug:
            return "-"
        url = reverse("body_names", args=[body.slug])
        return format_html('<a href="{}">Change or correct its names</a>', url)


class PersonForm(forms.ModelForm):
    """Refuses to change the last administrator into somebody who cannot manage people."""

    name_was_wrong = forms.BooleanField(
        label="The name before was a mistake",
        required=False,
        help_text="Tick this if you correct the spelling. If not, the person's history keeps the "
        "name before, and other people can search for it.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_still_one = cleaned.get("is_active") and cleaned.get("role") == Role.ADMINISTRATOR
        if not is_still_one and is_last_administrator(self.instance):
            raise forms.ValidationError(
                "This is the last administrator. Make someone else an administrator first."
            )
        return cleaned


@admin.register(User)
class UserAdmin(AuditedAdmin):
    """People. There is no password field: people are invited, and reset their password themselves.

    The audit trail does not hold names and email addresses, as it could not forget them.
    """

    unrecorded_fields = PERSONAL_FIELDS
    form = PersonForm
    ordering = ["name"]
    list_display = ["name", "email", "role", "body", "is_active"]
    list_filter = ["role", "is_active", "body"]
    list_select_related = ["body"]
    search_fields = ["name", "email", "former_names__name"]
    readonly_fields = ["last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["email", "name", "name_was_wrong", "role", "body", "is_active"]}),
        ("Dates", {"fields": ["last_login", "joined_at"]}),
    ]

    def save_model(  # type: ignore[override]
        self, request: ReaderRequest, obj: Model, form: ModelForm, change: bool
    ) -> None:
        """Save; end the sessions if access changed; notify the former email address if it did."""
        super().save_model(request, obj, form, change)
        assert isinstance(obj, User)
        if "name" in form.changed_data and not form.cleaned_data["name_was_wrong"]:
            keep_former_name(obj, str(form.initial["name"]), at=request.now)
        if ACCESS_FIELDS & set(form.changed_data):
            end_sessions(obj)
            access_changed.send(sender=User, person=obj, by=request.user, at=request.now)
        if "email" in form.changed_data:
            before = str(form.initial["email"])
            emails.notify(obj, "Your email address was changed", at=request.now, address=before)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited (`/people/invite/`)."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A removed person cannot be changed back into somebody."""
        removed = Departure.objects.filter(removed_at__isnull=False)
        if isinstance(obj, User) and removed.filter(person=obj).exists():
            return False
        return super().has_change_permission(request, obj)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["position", "at", "actor", "act", "body", "subject_type", "subject_id"]
    list_filter = ["act", "at"]
    list_select_related = ["actor", "body"]
    search_fields = ["act", "actor__name", "body__short_name"]
    ordering = ["-position"]
