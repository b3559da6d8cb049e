"""Forms for sending an update for approval, deciding on it, and requiring approval."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from forces.models import User
from recommendations.actions.decide_approval import MISSING_REASON
from recommendations.forms.choices import DenseRadios
from recommendations.forms.prose import ProseField
from recommendations.models import ApprovalDecision, ApprovalRequest

Outcome = ApprovalDecision.Outcome
YES, NO = "yes", "no"
_SELECT_DECISION = "Select whether you approve or return the update"
_SELECT_APPROVER = "Select who should approve the update"
_SELECT_SETTING = "Select yes if a chief officer has to approve updates"


class ApproverForm(forms.Form):
    """Who should approve the update: one chief officer, or any of them.

    `away` has the days of those who are away, in words, by their key.
    """

    design = {"approver": {"label_size": "m"}}

    approver = forms.ChoiceField(
        label="Who should approve it?",
        help_text="They get an email with a link. Any other chief officer can approve it instead.",
        widget=forms.RadioSelect,
        initial="any",
        error_messages={"required": _SELECT_APPROVER, "invalid_choice": _SELECT_APPROVER},
    )

    def __init__(
        self, data: Any = None, *, officers: Iterable[User], away: Mapping[int, str]
    ) -> None:
        super().__init__(data)
        self.officers = {str(person.pk): person for person in officers}
        names = [
            (key, f"{person.name}, away {away[person.pk]}" if person.pk in away else person.name)
            for key, person in self.officers.items()
        ]
        self.fields["approver"].choices = [  # type: ignore[attr-defined]
            ("any", "Any chief officer"),
            *names,
        ]

    @property
    def chosen(self) -> User | None:
        """Return the person of a valid form, or None for any chief officer."""
        return self.officers.get(self.cleaned_data["approver"])


class ApprovalForm(forms.Form):
    """Approve the update, or return it with a reason. `request` is the one that was shown."""

    design = {"*": {"label_size": "s"}, "reason": {"classes": "app-fieldset--if"}}

    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=[
            (Outcome.APPROVED, "Approve and submit"),
            (Outcome.RETURNED, "Return to the officer"),
        ],
        widget=DenseRadios,
        error_messages={"required": _SELECT_DECISION, "invalid_choice": _SELECT_DECISION},
    )
    reason = ProseField(
        subject="Reason",
        label="Why are you returning it?",
        required=False,
        rows=2,
    )
    request = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def __init__(self, data: Any = None, *, shown: ApprovalRequest) -> None:
        super().__init__(data, initial={"request": shown.pk})

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("decision") == Outcome.RETURNED and answers.get("reason") == "":
            self.add_error("reason", MISSING_REASON)
        return answers


class RequireApprovalForm(forms.Form):
    """Whether updates need approval. `shown` is the value when the form was shown."""

    design = {"*": {"label_size": "m"}}

    required = forms.ChoiceField(
        label="Does a chief officer have to approve each update?",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": _SELECT_SETTING, "invalid_choice": _SELECT_SETTING},
    )
    shown = forms.ChoiceField(choices=[(YES, "Yes"), (NO, "No")], widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, is_required: bool) -> None:
        value = YES if is_required else NO
        super().__init__(data, initial={"required": value, "shown": value})

    def is_yes(self, name: str) -> bool:
        return bool(self.cleaned_data[name] == YES)
