"""The answers of an update as text: to check them, compare them, or show the last ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField

from recommendations.forms.update import STEPS, StepForm
from recommendations.models import Draft, Update
from recommendations.models.answers import ANSWERS, answers_for

MAX_UNFOLDED_LENGTH = 400  # characters


@dataclass(frozen=True, kw_only=True)
class AnswerText:
    """One answer in words, and the slug of the page on which it is changed."""

    name: str
    label: str
    text: str
    step: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An answer that was typed next to the one that is saved."""

    label: str
    saved: str
    typed: str


@dataclass(frozen=True, kw_only=True)
class StepQuestion:
    """A field of a page with the answer in the last update, which is never copied into it."""

    field: BoundField
    label: str
    last: str
    is_long: bool


def answers_of(draft: Draft | Update) -> list[AnswerText]:
    """Every answer that its status requires or allows, in the order of the pages."""
    applicable = answers_for(draft.status)
    return [
        AnswerText(name=name, label=answer.label, text=answer.text_of(draft), step=step.slug)
        for step in STEPS
        for name in step.base_fields
        if (answer := ANSWERS[name]) in applicable
    ]


def typed_answers(form: StepForm) -> list[AnswerText]:
    """What was typed into a page that could not be saved, without the empty answers."""
    if not form.is_bound:
        return []
    form.full_clean()
    cleaned: Mapping[str, Any] = form.cleaned_data
    texts = {
        name: ANSWERS[name].text(cleaned[name]) if name in cleaned else _raw(form[name].value())
        for name in form.fields
    }
    return [
        AnswerText(name=name, label=ANSWERS[name].label, text=text, step=form.slug)
        for name, text in texts.items()
        if text
    ]


def differences(form: StepForm, saved: Draft, *, since: int) -> list[Difference]:
    """The answers of a valid form that differ from those saved after the version `since`."""
    return [
        Difference(
            label=ANSWERS[name].label,
            saved=ANSWERS[name].text_of(saved) or "Not provided",
            typed=ANSWERS[name].text(typed) or "Not provided",
        )
        for name, typed in form.cleaned_data.items()
        if typed != getattr(saved, name) and saved.is_newer(name, than=since)
    ]


def questions(form: StepForm, last: Update | None) -> list[StepQuestion]:
    """Every field of a page with the answer in the last update, if there is one."""
    texts = {name: ANSWERS[name].text_of(last) if last else "" for name in form.fields}
    return [
        StepQuestion(
            field=form[name],
            label=ANSWERS[name].label,
            last=text,
            is_long=len(text) > MAX_UNFOLDED_LENGTH,
        )
        for name, text in texts.items()
    ]


def _raw(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")
