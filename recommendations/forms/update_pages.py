"""The order of the pages of the update form, and what a draft still needs."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from recommendations.forms.date_input import PARTS, DateInput, DateInputField
from recommendations.forms.outlook import OutlookForm
from recommendations.forms.update import OnePageForm, ProgressForm, SignOffForm, StatusForm
from recommendations.forms.update_step import CONFIRMED, StepForm
from recommendations.models import Draft
from recommendations.models.answers import ReportedStatus

STEPS: tuple[type[StepForm], ...] = (StatusForm, ProgressForm, OutlookForm, SignOffForm)
STEP_BY_SLUG: dict[str, type[StepForm]] = {step.slug: step for step in STEPS} | {
    OnePageForm.slug: OnePageForm
}
EVIDENCE = "evidence"
# Every page before “Check your answers”, in order. The evidence page has files, not answers.
_PAGES = ("status", "progress", "outlook", EVIDENCE, "sign-off")


def pages_for(status: str, *, requires_approval: bool) -> tuple[str, ...]:
    """Return the slugs of the pages of an update with this status: a claim has no forecast.

    If a chief officer has to approve the update, nobody is asked to type their name.
    """
    left_out = {OutlookForm.slug} if status == ReportedStatus.IMPLEMENTED else set()
    left_out |= {SignOffForm.slug} if requires_approval else set()
    return tuple(slug for slug in _PAGES if slug not in left_out)


def page_after(slug: str, pages: Sequence[str]) -> str:
    """Return the slug of the next of `pages_for` an update; empty after the last."""
    return dict(pairwise(pages)).get(slug, "")


def page_before(slug: str, pages: Sequence[str]) -> str:
    """Return the slug of the previous page; empty before the first."""
    return dict(pairwise(reversed(pages))).get(slug, "")


def problems(draft: Draft, *, on: date) -> dict[str, str]:
    """Why a draft cannot be submitted on the London day `on`: an error by answer's name.

    Every page is validated again: a forecast or the due date may have passed since it was saved.
    """
    errors: dict[str, str] = {}
    for step in STEPS:
        if step is SignOffForm and draft.requires_approval:
            continue
        form = step(_form_data(step, draft), on=on, draft=draft)
        errors |= {name: str(messages[0]) for name, messages in form.errors.items()}
    return errors


def step_with(name: str) -> type[StepForm]:
    """Return the page with the answer of this name."""
    if name == CONFIRMED:
        return OutlookForm
    return next(step for step in STEPS if name in step.base_fields)


def next_step(draft: Draft, *, on: date) -> type[StepForm] | None:
    """Return the first page with a problem; None if the draft is ready to check."""
    steps = {step_with(name) for name in problems(draft, on=on)}
    return next((step for step in STEPS if step in steps), None)


def _form_data(step: type[StepForm], draft: Draft) -> dict[str, Any]:
    """Return the draft's answers to one page, as a browser would send them."""
    data: dict[str, Any] = {CONFIRMED: draft.confirmed_contradictions}
    for name, field in step.base_fields.items():
        value = getattr(draft, name)
        if isinstance(field, DateInputField):
            texts = zip(PARTS, DateInput().decompress(value), strict=True)
            data |= {f"{name}_{part}": text for part, text in texts}
        else:
            data[name] = value
    return data
