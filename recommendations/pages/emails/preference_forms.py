"""A reader's email preferences, and a body's setting for its chief officers."""

from typing import Any

from django import forms

from recommendations.models import EmailPreference

Weekly = EmailPreference.Weekly
YES, NO = "yes", "no"
YES_OR_NO = [(YES, "Yes"), (NO, "No")]


def yes_or_no(value: bool) -> str:
    return YES if value else NO


class _YesOrNoForm(forms.Form):
    def is_yes(self, name: str) -> bool:
        """Whether the answer to a valid form's question is yes."""
        return bool(self.cleaned_data[name] == YES)


class EmailPreferencesForm(_YesOrNoForm):
    """A reader's own preferences; the question about alerts only if their role can get any."""

    design = {
        "*": {"label_size": "s"},
        "weekly": {"item_hints": {Weekly.OVERDUE: "Default"}},
    }

    weekly = forms.ChoiceField(
        label="Weekly email, on Monday at 7am",
        choices=Weekly.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select when to get the weekly email",
            "invalid_choice": "Select when to get the weekly email from the list",
        },
    )
    at_once = forms.ChoiceField(
        label="Instant alerts",
        help_text="When a claim is returned, an extension request is decided, a question is "
        "answered, a review is late, or an update needs approval or a claim a second review. At "
        "most one email an hour",
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select yes if you want to get instant alerts",
            "invalid_choice": "Select yes or no for instant alerts",
        },
    )

    def __init__(self, data: Any = None, *, choice: EmailPreference, has_alerts: bool) -> None:
        initial = {"weekly": choice.weekly, "at_once": yes_or_no(choice.at_once)}
        super().__init__(data, initial=initial)
        self._at_once = choice.at_once
        if not has_alerts:
            del self.fields["at_once"]

    @property
    def values(self) -> dict[str, Any]:
        """The values of a valid form for the action; a question not shown keeps its value."""
        at_once = self.is_yes("at_once") if "at_once" in self.fields else self._at_once
        return {"weekly": self.cleaned_data["weekly"], "at_once": at_once}


class CopiesForm(_YesOrNoForm):
    """The setting of a whole body. `shown` is its value when the form was shown."""

    design = {"*": {"label_size": "m"}}

    copies = forms.ChoiceField(
        label="Copy chief officers into the weekly email",
        help_text="This applies to the whole organisation. Any of its liaison officers can change "
        "it",
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select yes if you want to copy chief officers in",
            "invalid_choice": "Select yes or no for copying chief officers in",
        },
    )
    shown = forms.ChoiceField(
        choices=YES_OR_NO,
        widget=forms.HiddenInput,
        error_messages={"required": "Check the setting again before you change it"},
    )

    def __init__(self, data: Any = None, *, is_copied: bool) -> None:
        value = yes_or_no(is_copied)
        super().__init__(data, initial={"copies": value, "shown": value})
