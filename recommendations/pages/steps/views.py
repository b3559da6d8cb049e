"""The dated steps of an assignment: adding, changing and removing them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations.actions.steps import save_step
from recommendations.dashboards.assignment.steps import step_list
from recommendations.models import Step
from recommendations.models.step import MAX_STEPS
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.steps.forms import DatedStepForm
from recommendations.rules import OPEN, london_day


@resumed_form.resumable
@get_or_post
def steps(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """The steps, with a form for a new one."""
    return _steps(request, slug, reference, step=None)


@resumed_form.resumable
@get_or_post
def step(request: ReaderRequest, slug: str, reference: str, step: int) -> HttpResponse:
    """The steps, with a form for one of them."""
    return _steps(request, slug, reference, step=step)


def _steps(request: ReaderRequest, slug: str, reference: str, *, step: int | None) -> HttpResponse:
    assignment = find_assignment_to_update(request, slug, reference)
    history = list(assignment.steps.order_by("step", "number"))
    on, last, notice = london_day(request.now), _last(history, step), ""
    form = DatedStepForm(resumed_form.posted_or_resumed(request), last=last, on=on)
    removes = request.method == "POST" and request.POST.get("action") == "remove"
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            save_step(
                assignment=assignment,
                step=step,
                seen=answers["seen"],
                title=answers["title"],
                due_on=answers["due_on"],
                done_on=answers.get("done_on"),
                reason=answers.get("reason", ""),
                is_removed=removes,
                by=request.user,
                at=request.now,
            )
            messages.success(request, "Step removed." if removes else "Step saved.")
            return redirect("steps", slug, reference)
        except Refusal as refusal:
            notice = str(refusal)
            assignment.refresh_from_db()
            history = list(assignment.steps.order_by("step", "number"))
    shown = step_list(history, on=on)
    context = {
        "assignment": assignment,
        "steps": shown,
        "chosen": step,
        "form": form if assignment.status in OPEN else None,
        "is_full": step is None and len(shown.lines) >= MAX_STEPS,
        "notice": notice,
    }
    return render(request, "steps/steps.html", context, status=409 if notice else 200)


def _last(history: list[Step], step: int | None) -> Step | None:
    """Return the latest row of a step, or None for a new one. Raises Http404 if it is removed."""
    if step is None:
        return None
    last = next((row for row in reversed(history) if row.step == step), None)
    if last is None or last.is_removed:
        raise Http404
    return last
