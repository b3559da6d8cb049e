"""Answers as they are read: on the page that checks them, and where two people's differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField

from recommendations.forms.update import STEPS, StepForm
from recommendations.models import Draft, Update
from recommendations.models.answers import ANSWERS, answers_for

LONG = 400  # characters: a longer answer is folded


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of a draft, and the page on which it is changed."""

    name: str
    label: str
    text: str
    step: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What is saved beside what was typed."""

    label: str
    saved: str
    typed: str


def answers_of(draft: Draft | Update) -> list[Answer]:
    """Every answer, in the order of the pages."""
    asked = answers_for(draft.status)
    return [
        Answer(name=name, label=answer.label, text=answer.text_of(draft), step=step.slug)
        for step in STEPS
        for name in step.base_fields
        if (answer := ANSWERS[name]) in asked
    ]


def typed_in(form: StepForm) -> list[Answer]:
    """What somebody typed into a page that could not be saved, so that they can keep it."""
    if not form.is_bound:
        return []
    form.full_clean()
    cleaned: Mapping[str, Any] = form.cleaned_data
    typed = {
        name: ANSWERS[name].text(cleaned[name]) if name in cleaned else _as_sent(form[name].value())
        for name in form.fields
    }
    return [
        Answer(name=name, label=ANSWERS[name].label, text=text, step=form.slug)
        for name, text in typed.items()
        if text
    ]


def differences(form: StepForm, saved: Draft, *, since: int) -> list[Difference]:
    """Where the saved answers, changed after the version `since`, are not the typed ones."""
    return [
        Difference(
            label=ANSWERS[name].label,
            saved=ANSWERS[name].text_of(saved) or "Nothing",
            typed=ANSWERS[name].text(typed) or "Nothing",
        )
        for name, typed in form.cleaned_data.items()
        if typed != getattr(saved, name) and saved.is_newer(name, than=since)
    ]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of a page, and what the body last said to it; nothing is copied silently."""

    field: BoundField
    label: str
    last: str
    is_long: bool


def questions(form: StepForm, last: Update | None) -> list[Asked]:
    """Each question of a page beside its last answer."""
    said = {name: ANSWERS[name].text_of(last) if last else "" for name in form.fields}
    return [
        Asked(field=form[name], label=ANSWERS[name].label, last=text, is_long=len(text) > LONG)
        for name, text in said.items()
    ]


def _as_sent(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")
