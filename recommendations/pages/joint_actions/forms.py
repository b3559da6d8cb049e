"""Forms of joint actions: a new one, its organisations and steps, and what happens in it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from forces.models import Body
from recommendations import wording
from recommendations.actions import joint_actions as action
from recommendations.case_details import case_detail_error
from recommendations.forms.choices import DenseCheckboxes, DenseRadios
from recommendations.forms.date_input import DateInputField
from recommendations.forms.prose import ProseField
from recommendations.joint_rules import NEEDS_TEXT, Kind
from recommendations.models import JointStep, Update
from recommendations.models.joint_action import MAX_TITLE_LENGTH
from recommendations.rules import is_due_by, london_day

NO_CASE_DETAILS = "No details of cases, no names of people, and no telephone numbers."
_SELECT_KIND = "Select what you want to record"
KINDS = {
    Kind.PROGRESS: "An update",
    Kind.STEP_DONE: "A step is done",
    Kind.CLOSED: "Close it: everything is done",
    Kind.CANCELLED: "Cancel it",
    Kind.ACCEPTED: "Accept: it is done",
    Kind.RETURNED: "Return it to the owner",
}


def refuse_case_details(text: str) -> None:
    """Raise ValidationError if the text has something that looks like a detail of a case."""
    if error := case_detail_error(text):
        raise forms.ValidationError(error)


class BodiesField(forms.MultipleChoiceField):
    """Forces and national organisations; cleans to a list of them, in their order."""

    def __init__(self, **options: Any) -> None:
        error = {"required": action.OTHERS, "invalid_choice": action.OTHERS}
        super().__init__(widget=DenseCheckboxes, error_messages=error, **options)
        self.bodies: dict[str, Body] = {}

    def offer(self, bodies: Iterable[Body]) -> None:
        self.bodies = {body.slug: body for body in bodies}
        self.choices = [(slug, body.short_name) for slug, body in self.bodies.items()]

    def clean(self, value: Any) -> list[Body]:
        chosen = super().clean(value)
        return [body for slug, body in self.bodies.items() if slug in chosen]


class JointActionForm(forms.Form):
    """A new joint action. `on` is today's London day."""

    design = {"*": {"label_size": "s"}, "participants": {"classes": "app-fieldset--columns"}}

    title = forms.CharField(
        label="What will you do together?",
        help_text="A few words. They are its title.",
        max_length=MAX_TITLE_LENGTH,
        validators=[refuse_case_details],
        error_messages={"required": "Enter what you will do together"},
    )
    text = ProseField(
        subject="Aim",
        label="What will be different when it is done?",
        help_text=NO_CASE_DETAILS,
        validators=[refuse_case_details],
        rows=3,
        error_messages={"required": "Enter what will be different"},
    )
    due_on = DateInputField(subject="Due date", label="When is it due?")
    participants = BodiesField(
        label="Who takes part?",
        help_text="Your organisation is the owner. Everybody in these organisations can read it.",
    )

    def __init__(self, data: Any = None, *, bodies: Iterable[Body], on: date) -> None:
        super().__init__(data)
        self.on = on
        self.fields["participants"].offer(bodies)  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if is_due_by(due_on, on=self.on - timedelta(days=1)):
            raise forms.ValidationError(action.PAST_DUE_DATE)
        return due_on


class ExtendForm(forms.Form):
    """A step, organisations, or both. `until` is the due date of the joint action."""

    design = {"*": {"label_size": "s"}, "participants": {"classes": "app-fieldset--columns"}}

    title = forms.CharField(
        label="What is the step?",
        max_length=MAX_TITLE_LENGTH,
        validators=[refuse_case_details],
        required=False,
    )
    due_on = DateInputField(subject="Due day", label="When is the step due?", required=False)
    participants = BodiesField(label="Which other organisations take part?", required=False)

    def __init__(self, data: Any = None, *, bodies: Iterable[Body], until: date) -> None:
        super().__init__(data)
        self.until = until
        self.fields["participants"].offer(bodies)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        title, due_on = answers.get("title", ""), answers.get("due_on")
        if due_on and not title:
            self.add_error("title", "Enter what the step is")
        if title and "due_on" in answers and (due_on is None or due_on > self.until):
            self.add_error("due_on", action.LATER_STEP)
        if not self.errors and not title and not answers.get("participants"):
            self.add_error("title", "Enter a step, or select an organisation")
        return answers


class JointEventForm(forms.Form):
    """What happened: one of the kinds that are `allowed` now."""

    design = {"*": {"label_size": "s"}}

    kind = forms.ChoiceField(
        label="What do you want to record?",
        widget=DenseRadios,
        error_messages={"required": _SELECT_KIND, "invalid_choice": _SELECT_KIND},
    )
    step = forms.ChoiceField(label="If a step is done: which?", required=False)
    update = forms.ChoiceField(
        label="If you close it: which update has the evidence?",
        help_text="Its files show that the joint action is done.",
        required=False,
    )
    text = ProseField(
        subject="Text",
        label="What happened, or why",
        help_text=NO_CASE_DETAILS,
        validators=[refuse_case_details],
        required=False,
        rows=3,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)

    def __init__(
        self,
        data: Any = None,
        *,
        allowed: Sequence[str],
        steps: Sequence[JointStep],
        updates: Sequence[Update],
        seen: int,
    ) -> None:
        super().__init__(data, initial={"seen": seen})
        self.rows: dict[str, Mapping[str, JointStep | Update]] = {
            "step": {str(step.number): step for step in steps},
            "update": {str(update.number): update for update in updates},
        }
        without = {
            kind for kind, rows in ((Kind.STEP_DONE, steps), (Kind.CLOSED, updates)) if not rows
        }
        offered = [kind for kind in allowed if kind not in without]
        self.fields["kind"].choices = [(kind, KINDS[Kind(kind)]) for kind in offered]  # type: ignore[attr-defined]
        labels = {
            "step": [(str(step.number), step.title) for step in steps],
            "update": [(str(update.number), evidence_label(update)) for update in updates],
        }
        for name, kind in (("step", Kind.STEP_DONE), ("update", Kind.CLOSED)):
            if kind in offered:
                self.fields[name].choices = [("", "Choose"), *labels[name]]  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        kind = answers.get("kind")
        for name, rows in self.rows.items():
            answers[name] = rows.get(answers.get(name, ""))
        if kind == Kind.STEP_DONE and answers["step"] is None:
            self.add_error("step", action.MISSING_STEP)
        if kind == Kind.CLOSED and answers["update"] is None:
            self.add_error("update", action.MISSING_EVIDENCE)
        if kind in NEEDS_TEXT and answers.get("text") == "":
            self.add_error("text", action.MISSING_TEXT)
        return answers


def evidence_label(update: Update) -> str:
    """Return `Update 3 of 4 May 2026: plan.pdf`."""
    files = ", ".join(file.name for file in update.evidence.all())
    return f"Update {update.number} of {wording.day(london_day(update.submitted_at))}: {files}"
