"""What a reader wants by mail."""

from typing import Any

from django import forms

from recommendations.models import MailChoice

Weekly = MailChoice.Weekly
YES, NO = "yes", "no"


class MailChoiceForm(forms.Form):
    """`can_copy` also asks whether the body's chief officers get copies."""

    design = {
        "*": {"label_size": "s"},
        "weekly": {"item_hints": {Weekly.OVERDUE: "What everybody gets who has not chosen"}},
    }

    weekly = forms.ChoiceField(
        label="Weekly digest, on Monday at 7am",
        choices=Weekly.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose when to send the weekly digest",
            "invalid_choice": "Choose when to send the weekly digest from the list",
        },
    )
    at_once = forms.ChoiceField(
        label="News at once",
        help_text="A claim returned, more time decided, a question answered, a review late: "
        "at most one mail an hour",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether to send news at once",
            "invalid_choice": "Choose yes or no for news at once",
        },
    )
    copies = forms.ChoiceField(
        label="Copies of the weekly digest to the chief officers of the body",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether chief officers get copies",
            "invalid_choice": "Choose yes or no for copies to chief officers",
        },
    )

    def __init__(self, *arguments: Any, can_copy: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not can_copy:
            del self.fields["copies"]

    @staticmethod
    def answer(is_so: bool) -> str:
        return YES if is_so else NO

    def is_yes(self, name: str) -> bool:
        return bool(self.cleaned_data[name] == YES)
