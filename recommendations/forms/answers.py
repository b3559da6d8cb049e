"""Answers as they are read: on the page that checks them, and where two people's differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from recommendations import wording
from recommendations.forms.update_steps import STEPS, StepForm, step_of
from recommendations.models import Draft
from recommendations.models.update import ReportedStatus
from recommendations.rules import Confidence

LABELS = {
    "status": "Status",
    "confidence": "Confidence",
    "account": "Progress",
    "next_steps": "Next steps",
    "forecast_on": "Forecast date",
    "blockers": "Blockers",
}
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
    if name in _CHOICES and value:
        return str(_CHOICES[name](value).label)
    return value or ""


def answers_of(draft: Draft) -> list[Answer]:
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


def _as_sent(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")
