"""Bodies, people and the audit trail in the admin. Every change is audited with from and to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from forces import audit
from forces.accounts import emails
from forces.accounts.administration import is_last_administrator
from forces.accounts.sessions import end_sessions
from forces.http import ReaderRequest
from forces.models import AuditEvent, Body, Departure, Region, Rocu, Role, User

SECRET = frozenset({"password", "password1", "password2", "usable_password"})
PERSONAL = frozenset({"email", "name"})  # of a person: the trail could never forget them


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at, never to write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WithHistory(admin.ModelAdmin):
    """The history page tells what the audit trail holds of the object; nothing is deleted here."""

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
        context = {"audit_events": events.select_related("actor").order_by("-position")[:200]}
        return super().history_view(request, object_id, context | (extra_context or {}))


class AuditedAdmin(WithHistory):
    """Each save is recorded, field by field; of fields in `unwritten` only that they changed."""

    unwritten = SECRET

    def save_model(  # type: ignore[override]
        self, request: ReaderRequest, obj: Model, form: ModelForm, change: bool
    ) -> None:
        if change:  # and not what somebody else, or the person, has changed meanwhile
            obj.save(update_fields=form.changed_data)
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
        if field in self.unwritten:
            return {"to": "changed"}
        before = form.get_initial_for_field(form.fields[field], field)
        return {"from": str(before), "to": str(form.cleaned_data.get(field, ""))}


@admin.register(Region, Rocu)
class GroupAdmin(AuditedAdmin):
    search_fields = ["name"]


@admin.register(Body)
class BodyAdmin(AuditedAdmin):
    list_display = ["short_name", "kind", "region", "rocu"]
    list_filter = ["kind", "region", "rocu"]
    list_select_related = ["region", "rocu"]
    search_fields = ["name", "short_name", "slug"]
    readonly_fields = ["slug"]


STANDING = {"email", "role", "body", "is_active"}


class PersonForm(forms.ModelForm):
    """Somebody must be left to let people in."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stays = cleaned.get("is_active") and cleaned.get("role") == Role.ADMINISTRATOR
        if not stays and is_last_administrator(self.instance):
            raise forms.ValidationError("This is the last administrator: make another one first.")
        return cleaned


@admin.register(User)
class UserAdmin(AuditedAdmin):
    """Nobody sets another's password here: people are invited, and ask for links themselves.

    Names and addresses are recorded as changed, so that a person can be removed.
    """

    unwritten = SECRET | PERSONAL
    form = PersonForm
    ordering = ["name"]
    list_display = ["name", "email", "role", "body", "is_active"]
    list_filter = ["role", "is_active", "body"]
    list_select_related = ["body"]
    search_fields = ["name", "email"]
    readonly_fields = ["last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["email", "name", "role", "body", "is_active"]}),
        ("Dates", {"fields": ["last_login", "joined_at"]}),
    ]

    def save_model(  # type: ignore[override]
        self, request: ReaderRequest, obj: Model, form: ModelForm, change: bool
    ) -> None:
        """Sessions end for good, and whoever had the address before is told."""
        super().save_model(request, obj, form, change)
        assert isinstance(obj, User)
        if STANDING & set(form.changed_data):
            end_sessions(obj)
        if "email" in form.changed_data:
            before = str(form.initial["email"])
            emails.tell(obj, "the email address", at=request.now, address=before)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited (`/people/invite/`)."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody comes back who was removed: there is nobody to come back as."""
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
