"""Answers as they are read: on the page that checks them, and where two people's differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms.boundfield import BoundField

from recommendations import wording
from recommendations.forms.update_steps import STEPS, StepForm, step_of
from recommendations.models import Draft, Update
from recommendations.models.update import BlockerCause, ReportedStatus
from recommendations.rules import Confidence

LABELS = {
    "status": "Status",
    "confidence": "Confidence",
    "account": "Progress",
    "next_steps": "Next steps",
    "forecast_on": "Forecast date",
    "blocker_causes": "In the way",
    "blockers": "What would move it",
    "signed_off_by": "Signed off by",
}
LONG = 400  # characters: a longer answer is folded
_CHOICES = {"status": ReportedStatus, "confidence": Confidence}


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


def in_words(name: str, value: Any) -> str:
    """An answer as it is read; empty where there is none."""
    if isinstance(value, date):
        return wording.day(value)
    if name == "blocker_causes":
        return "; ".join(str(BlockerCause(cause).label) for cause in value or ())
    if name in _CHOICES and value:
        return str(_CHOICES[name](value).label)
    return value or ""


def answers_of(draft: Draft | Update) -> list[Answer]:
    """Every answer, in the order of the pages; a claim forecasts nothing."""
    return [
        Answer(name=name, label=LABELS[name], text=in_words(name, getattr(draft, name)), step=slug)
        for name, slug in (
            (name, step_of(name).slug) for step in STEPS for name in step.base_fields
        )
        if not (name == "forecast_on" and draft.status == ReportedStatus.IMPLEMENTED)
    ]


def typed_in(form: StepForm) -> list[Answer]:
    """What somebody typed into a page that could not be saved, so that they can keep it."""
    if not form.is_bound:
        return []
    form.full_clean()
    cleaned: Mapping[str, Any] = form.cleaned_data
    typed = {
        name: in_words(name, cleaned[name]) if name in cleaned else _as_sent(form[name].value())
        for name in form.fields
    }
    return [
        Answer(name=name, label=LABELS[name], text=text, step=form.slug)
        for name, text in typed.items()
        if text
    ]


def differences(form: StepForm, saved: Draft, *, since: int) -> list[Difference]:
    """Where the saved answers, changed after the version `since`, are not the typed ones."""
    return [
        Difference(
            label=LABELS[name],
            saved=in_words(name, getattr(saved, name)) or "Nothing",
            typed=in_words(name, typed) or "Nothing",
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
    said = {name: in_words(name, getattr(last, name)) if last else "" for name in form.fields}
    return [
        Asked(field=form[name], label=LABELS[name], last=text, is_long=len(text) > LONG)
        for name, text in said.items()
    ]


def _as_sent(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")
