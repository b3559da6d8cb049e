"""The form for the end of an organisation."""

from typing import Any

from django import forms

from forces.models import Body
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField


class BodyEndForm(forms.Form):
    """The first day without the organisation, its successor, and why it ends."""

    design = {"*": {"label_size": "s"}}

    ends_on = DateInputField(
        subject="First day",
        label="First day on which it does not exist",
        help_text="Today or later. Positions of the days before do not change.",
        error_messages={"required": "Enter the first day on which it does not exist"},
    )
    successor = forms.ModelChoiceField(
        Body.objects.none(),
        label="Which organisation has its work from then on?",
        help_text="The one that it merges into, or a new one. Without one, what is open ends.",
        empty_label="None",
        required=False,
        error_messages={"invalid_choice": "Select an organisation from the list"},
    )
    reason = ProseField(
        subject="Reason",
        label="Why does it end?",
        help_text="Shown on its recommendations. Name the order or announcement.",
        error_messages={"required": "Enter why it ends"},
        rows=3,
    )

    def __init__(self, *args: Any, body: Body, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Body.objects.existing().filter(kind=body.kind).exclude(pk=body.pk)
        self.fields["successor"].queryset = others.order_by("name")  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Why an organisation does not end after all."""

    design = {"*": {"label_size": "s"}}

    why_not = ProseField(
        subject="Reason",
        label="Why does it not end?",
        error_messages={"required": "Enter why it does not end"},
        rows=2,
    )
