"""What the forms of all pages of an update have in common."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from recommendations.models import Draft
from recommendations.update_rules import Contradiction

CONFIRMED = "confirmed_contradictions"


class DraftVersionForm(forms.Form):
    """The hidden fields that say which version of which draft a page shows."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    @classmethod
    def for_draft(cls, draft: Draft | None) -> "DraftVersionForm":
        initial = {"token": draft.token, "version": draft.version} if draft else None
        return cls(initial=initial, auto_id=False)


class StepForm(forms.Form):
    """One page of the update form. `on` is today's London day; `draft` has the answers so far.

    With `is_partial` no answer is required: for autosave, and for “Save and come back later”. With
    `requires_approval` nobody types the name of the person who approves the update.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    field_order = (
        *("status", "account", "next_steps", "forecast_on", "confidence", CONFIRMED),
        *("blocker_causes", "blockers", "signed_off_by"),
    )
    design: ClassVar[Mapping[str, Mapping[str, Any]]] = {"*": {"label_size": "m"}}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        on: date,
        draft: Draft | None,
        is_partial: bool = False,
        requires_approval: bool = False,
    ) -> None:
        initial = {name: getattr(draft, name) for name in self.base_fields} if draft else {}
        super().__init__(data, initial=initial)
        self.on = on
        self.draft = draft
        self.is_partial = is_partial
        self.requires_approval = requires_approval or bool(draft and draft.requires_approval)
        self.confirmed: list[Contradiction] | None = None  # None: not asked on this page
        if is_partial:
            for field in self.fields.values():
                field.required = False
        self.adapt_to(draft)

    def adapt_to(self, draft: Draft | None) -> None:
        """Remove the fields that do not apply, given the answers so far."""
