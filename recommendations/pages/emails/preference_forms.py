"""What a reader wants by mail, and what a body wants for its chief officers."""

from typing import Any

from django import forms

from recommendations.models import MailChoice

Weekly = MailChoice.Weekly
YES, NO = "yes", "no"
YES_OR_NO = [(YES, "Yes"), (NO, "No")]


def answer(is_so: bool) -> str:
    return YES if is_so else NO


class _YesOrNo(forms.Form):
    def is_yes(self, name: str) -> bool:
        """What a valid form says under this name."""
        return bool(self.cleaned_data[name] == YES)


class MailChoiceForm(_YesOrNo):
    """Each reader's own; of news at once those are asked who could get any."""

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
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether to send news at once",
            "invalid_choice": "Choose yes or no for news at once",
        },
    )

    def __init__(self, data: Any = None, *, of: MailChoice, has_news: bool) -> None:
        super().__init__(data, initial={"weekly": of.weekly, "at_once": answer(of.at_once)})
        self._at_once = of.at_once
        if not has_news:
            del self.fields["at_once"]

    @property
    def said(self) -> dict[str, Any]:
        """For the action, once the form is valid; what was not asked stays."""
        at_once = self.is_yes("at_once") if "at_once" in self.fields else self._at_once
        return {"weekly": self.cleaned_data["weekly"], "at_once": at_once}


class CopiesForm(_YesOrNo):
    """The setting of a whole body. `shown` is how it stood when the form was shown."""

    design = {"*": {"label_size": "m"}}

    copies = forms.ChoiceField(
        label="Copies of the weekly digest to the chief officers of the body",
        help_text="For the whole body: any liaison officer of it can change it",
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether chief officers get copies",
            "invalid_choice": "Choose yes or no for copies to chief officers",
        },
    )
    shown = forms.ChoiceField(
        choices=YES_OR_NO,
        widget=forms.HiddenInput,
        error_messages={"required": "Look at the setting again before you change it"},
    )

    def __init__(self, data: Any = None, *, is_so: bool) -> None:
        super().__init__(data, initial={"copies": answer(is_so), "shown": answer(is_so)})
