"""The answers of an update as text: to check them, compare them, or show the last ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from recommendations.forms.update_pages import STEPS
from recommendations.forms.update_step import StepForm
from recommendations.models import Draft, Update
from recommendations.models.answers import ANSWERS, answers_for
from recommendations.rules import london_day
from recommendations.update_rules import Contradiction
from recommendations.wording import day


@dataclass(frozen=True, kw_only=True)
class AnswerText:
    """One answer in words, and the slug of the page on which it is changed.

    `unchanged_since` is the day of the last update, if the answer is still the one given then.
    """

    name: str
    label: str
    text: str
    step: str
    unchanged_since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An answer that was typed next to the one that is saved."""

    label: str
    saved: str
    typed: str


@dataclass(frozen=True, kw_only=True)
class StepQuestion:
    """A field of a page; `last` is the answer in the last update, if it was another one."""

    field: BoundField
    last: str
    last_on_words: str


def answers_of(draft: Draft | Update, last: Update | None = None) -> list[AnswerText]:
    """Every answer that its status requires or allows, in the order of the pages."""
    needs_approval = isinstance(draft, Draft) and draft.requires_approval
    applicable = answers_for(draft.status, requires_approval=needs_approval)
    return [
        AnswerText(
            name=name,
            label=answer.label,
            text=answer.text_of(draft),
            step=step.slug,
            unchanged_since=_unchanged_since(name, draft, last),
        )
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
        if name in ANSWERS
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


def questions(form: StepForm, draft: Draft | None, last: Update | None) -> list[StepQuestion]:
    """Every field of a page. A saved answer that is the last one says from when it is."""
    return [_question(form, name, draft, last) for name in form.fields]


def _question(form: StepForm, name: str, draft: Draft | None, last: Update | None) -> StepQuestion:
    field = form.fields[name]
    since = None if form.is_bound else _unchanged_since(name, draft, last)
    if since is not None:
        field.help_text = format_html(
            "{}{}<strong data-unchanged>From {}, not changed yet</strong>",
            field.help_text,
            SafeString("<br>") if field.help_text else "",
            day(since),
        )
    is_other = last is not None and since is None and name in ANSWERS
    text = ANSWERS[name].text_of(last) if last and is_other else ""
    return StepQuestion(
        field=form[name],
        last=text,
        last_on_words=day(london_day(last.submitted_at)) if last and text else "",
    )


def _unchanged_since(name: str, draft: Draft | Update | None, last: Update | None) -> date | None:
    """The day of the last update, if the draft still has its answer, which is not empty."""
    if draft is None or last is None or name not in ANSWERS:
        return None
    value = getattr(draft, name)
    is_unchanged = bool(value) and value == getattr(last, name)
    return london_day(last.submitted_at) if is_unchanged else None


def confirmed_contradictions(draft: Draft | Update) -> list[str]:
    """What the person has confirmed, in words."""
    return [str(Contradiction(value).label) for value in draft.confirmed_contradictions]


def _raw(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")
