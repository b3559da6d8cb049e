"""Writing an update: start, three steps, check answers, submit; or discard."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.drafts import DraftConflict, discard_draft, open_draft, why_closed
from recommendations.actions.submit_update import submit_update
from recommendations.dashboards.assignment.entries import passages_of
from recommendations.forms.update import STEP_BY_SLUG, DraftMark, next_step, problems, step_of
from recommendations.models import Assignment, Draft, Update
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.answers import answers_of
from recommendations.pages.update.step import (
    Step,
    draft_of,
    last_update,
    refused,
    returned,
    saved_sentence,
)
from recommendations.rules import london_day


@get_or_post
def update_start(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """Explains, and shows the last update; only the button begins or resumes the draft."""
    assignment = find_assignment_to_update(request, slug, number)
    on = london_day(request.now)
    if request.method == "POST":
        try:
            begun = open_draft(assignment=assignment, by=request.user, at=request.now)
        except Refusal as refusal:
            return refused(request, assignment, refusal, answers=[])
        step = next_step(begun, on=on)
        return (
            redirect("update_step", slug, number, step.slug)
            if step
            else redirect("update_check", slug, number)
        )
    draft = draft_of(assignment)
    last = last_update(assignment)
    context = {
        "assignment": assignment,
        "draft": draft,
        "draft_state": saved_sentence(draft, request) if draft else "",
        "last": last,
        "last_passages": passages_of(last) if last else (),
        "returned": returned(last),
        "why_not": why_closed(assignment, draft),
    }
    return render(request, "update/start.html", context)


@resumed_form.keeps_typed_text
@get_or_post
def update_step(request: ReaderRequest, slug: str, number: int, step: str) -> HttpResponse:
    """One page of the draft; each save keeps it on the server."""
    assignment = find_assignment_to_update(request, slug, number)
    if step not in STEP_BY_SLUG:
        raise Http404
    page = Step(request, assignment, STEP_BY_SLUG[step])
    if request.method != "POST":
        return page.show()
    return page.save_by_itself() if request.headers.get("X-Autosave") else page.save()


@get_or_post
def update_check(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """All answers on one page, then submit; sending twice makes one update (rule 6)."""
    assignment = find_assignment_to_update(request, slug, number)
    if request.method == "POST":
        return _submit(request, assignment)
    draft = draft_of(assignment)
    if draft is None:
        return _nothing_to_check(request, assignment)
    if why_not := why_closed(assignment, draft):
        return refused(request, assignment, why_not, answers=answers_of(draft), status=200)
    return _check_page(request, assignment, draft)


@get_or_post
def update_discard(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """Asks first; then the draft is gone, unless somebody saved more meanwhile."""
    assignment = find_assignment_to_update(request, slug, number)
    draft = draft_of(assignment)
    if draft is None:
        messages.info(request, "There is no draft: it was sent or deleted already.")
        return redirect(assignment)
    if request.method == "POST":
        mark = DraftMark(request.POST)
        if mark.is_valid() and mark.cleaned_data["token"] == draft.token:
            version = mark.cleaned_data["version"] or 0
            try:
                discard_draft(draft=draft, by=request.user, at=request.now, version=version)
            except DraftConflict as conflict:
                return _discard_page(request, assignment, conflict.draft, is_changed=True)
            messages.success(request, "The draft is deleted.")
            return redirect(assignment)
        return _discard_page(request, assignment, draft, is_changed=True)
    return _discard_page(request, assignment, draft)


def _submit(request: ReaderRequest, assignment: Assignment) -> HttpResponse:
    mark = DraftMark(request.POST)
    token = mark.cleaned_data["token"] if mark.is_valid() else None
    draft = Draft.objects.filter(assignment=assignment, token=token).first() if token else None
    sent = Update.objects.filter(assignment=assignment, token=token).first() if token else None
    if token is None or (draft is None and sent is None):
        gone = "This draft is no longer there: it was sent or deleted, so nothing was sent now."
        return refused(request, assignment, gone, answers=[])
    if (
        draft is not None
        and not why_closed(assignment, draft)
        and problems(draft, on=london_day(request.now))
    ):
        return _check_page(request, assignment, draft, has_tried=True)
    version = mark.cleaned_data["version"] or 0
    try:
        update = submit_update(token=token, version=version, by=request.user, at=request.now)
    except Refusal as refusal:
        return _not_sent(request, assignment, refusal)
    _say_sent(request, update, is_new=update.submitted_at == request.now)
    return redirect(assignment)


def _not_sent(request: ReaderRequest, assignment: Assignment, refusal: Refusal) -> HttpResponse:
    """What was saved stays saved; where it can still be sent, it is shown to be checked again."""
    assignment.refresh_from_db()
    draft = draft_of(assignment)
    if draft is not None and not why_closed(assignment, draft):
        saved = f"{saved_sentence(draft, request)}."
        return _check_page(request, assignment, draft, notice=f"{refusal} {saved}")
    answers = answers_of(draft) if draft else []
    return refused(request, assignment, refusal, answers=answers)


def _say_sent(request: ReaderRequest, update: Update, *, is_new: bool) -> None:
    if not is_new:
        who = wording.person(
            update.submitted_by.name, is_reader=update.submitted_by == request.user
        )
        when = wording.moment(update.submitted_at, on=london_day(request.now))
        messages.info(request, f"This update was already sent {when} by {who}. It was sent once.")
    elif update.corrects_id is not None:
        messages.success(request, "Your correction is sent. What it corrects stays in the history.")
    elif update.is_claim:
        messages.success(
            request, "Your claim is sent. An analyst reviews it, and the clock stops until then."
        )
    else:
        messages.success(request, "Your update is sent.")


def _nothing_to_check(request: ReaderRequest, assignment: Assignment) -> HttpResponse:
    """After Back from a sent update, or an old address."""
    last = assignment.updates.select_related("submitted_by").order_by("number").last()
    if last is None:
        return redirect("update", assignment.body.slug, assignment.recommendation.number)
    when = wording.moment(last.submitted_at, on=london_day(request.now))
    messages.info(
        request, f"There is no draft. {last.submitted_by.name} sent the last update {when}."
    )
    return redirect(assignment)


def _check_page(
    request: ReaderRequest,
    assignment: Assignment,
    draft: Draft,
    *,
    notice: str = "",
    has_tried: bool = False,
) -> HttpResponse:
    left = problems(draft, on=london_day(request.now))
    context = {
        "assignment": assignment,
        "draft": draft,
        "mark": DraftMark.of(draft),
        "answers": answers_of(draft),
        "files": list(draft.evidence.all()),
        "left": [
            {"text": sentence, "href": _change_url(assignment, name)}
            for name, sentence in left.items()
        ],
        "has_tried": has_tried,
        "notice": notice,
    }
    return render(request, "update/check.html", context, status=409 if notice else 200)


def _change_url(assignment: Assignment, name: str) -> str:
    """The page of an answer; saving it there comes back to the check."""
    slug, number = assignment.body.slug, assignment.recommendation.number
    return f"{reverse('update_step', args=[slug, number, step_of(name).slug])}?change#id_{name}"


def _discard_page(
    request: ReaderRequest, assignment: Assignment, draft: Draft, *, is_changed: bool = False
) -> HttpResponse:
    state = saved_sentence(draft, request)
    context = {
        "assignment": assignment,
        "mark": DraftMark.of(draft),
        "answers": [answer for answer in answers_of(draft) if answer.text],
        "draft_state": state,
        "is_changed": is_changed,
    }
    return render(request, "update/discard.html", context, status=409 if is_changed else 200)
