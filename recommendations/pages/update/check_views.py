"""Checking the answers of a draft, and submitting it or sending it for approval."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list

from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations import wording
from recommendations.absences import absences_at
from recommendations.actions.drafts import update_error
from recommendations.actions.request_approval import request_approval
from recommendations.actions.submit_update import repeats_answers, submit_update
from recommendations.dashboards.assignment.approvals import last_return
from recommendations.forms.update_pages import problems, step_with
from recommendations.forms.update_step import DraftVersionForm
from recommendations.models import ApprovalRequest, Assignment, Draft, Update
from recommendations.models.answers import ANSWERS, answers_for
from recommendations.pages.approvals.forms import ApproverForm
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.answers import answers_of, confirmed_contradictions
from recommendations.pages.update.drafts import (
    closed_page,
    draft_of,
    last_update,
    saved_sentence,
    submitted_sentence,
    update_context,
)
from recommendations.pages.update.uploads import draft_files
from recommendations.readers import chief_officers, with_alerts
from recommendations.rules import london_day


@get_or_post
def update_check(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """All answers on one page, with the button that submits them."""
    assignment = find_assignment_to_update(request, slug, reference)
    if request.method == "POST":
        return _submit(request, assignment)
    draft = draft_of(assignment)
    if draft is None:
        return _nothing_to_check(request, assignment)
    if reason := update_error(assignment, draft):
        return closed_page(request, assignment, reason, answers=answers_of(draft), status=200)
    return _check_page(request, assignment, draft)


def _submit(request: ReaderRequest, assignment: Assignment) -> HttpResponse:
    """Submit the checked version of the draft. Submitting it twice creates one update."""
    form = DraftVersionForm(request.POST)
    token = form.cleaned_data["token"] if form.is_valid() else None
    draft = Draft.objects.filter(assignment=assignment, token=token).first() if token else None
    if draft is not None:
        draft.assignment = assignment
    is_submitted = token and Update.objects.filter(assignment=assignment, token=token).exists()
    if token is None or (draft is None and not is_submitted):
        reason = "This draft was already submitted or deleted, so nothing was submitted now."
        return closed_page(request, assignment, reason, answers=[])
    if (
        draft is not None
        and not update_error(assignment, draft)
        and problems(draft, on=london_day(request.now))
    ):
        return _check_page(request, assignment, draft, has_tried=True)
    version = form.cleaned_data["version"] or 0
    if draft is not None and draft.requires_approval:
        return _send_for_approval(request, assignment, draft, token=token, version=version)
    try:
        update = submit_update(token=token, version=version, by=request.user, at=request.now)
    except Refusal as refusal:
        return _not_submitted(request, assignment, refusal)
    if update.submitted_at != request.now:
        sentence = submitted_sentence(update, request)
        messages.info(request, f"{sentence} It was submitted once.")
    url_args = assignment.body.slug, assignment.recommendation.reference
    return redirect("update_sent", *url_args, update.number)


def _send_for_approval(
    request: ReaderRequest, assignment: Assignment, draft: Draft, *, token: UUID, version: int
) -> HttpResponse:
    """Send the checked version of the draft to the chief officers of the organisation."""
    form = _approver_form(assignment, on=london_day(request.now), data=request.POST)
    if not form.is_valid():
        return _check_page(request, assignment, draft, approver_form=form)
    try:
        sent = request_approval(
            assignment=assignment,
            token=token,
            version=version,
            approver=form.chosen,
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        return _not_submitted(request, assignment, refusal)
    messages.success(request, _sent_sentence(assignment, sent, on=london_day(request.now)))
    return redirect(assignment)


def _sent_sentence(assignment: Assignment, sent: ApprovalRequest, *, on: date) -> str:
    """Say who gets an email, or that nobody does."""
    people = chief_officers(assignment.body, on=on)
    if sent.approver is not None:
        people = people.filter(pk=sent.approver.pk)
    names = sorted(with_alerts(people).values_list("name", flat=True))
    if not names:
        return "Sent for approval. No chief officer gets emails from this service, so tell them."
    get = "gets" if len(names) == 1 else "get"
    return f"Sent for approval. {get_text_list(names, 'and')} {get} an email within a few minutes."


def _approver_form(
    assignment: Assignment, *, on: date, data: QueryDict | None = None
) -> ApproverForm:
    officers = chief_officers(assignment.body, on=on).order_by("name")
    away = {found.person_id: found.days(on=on) for found in absences_at(assignment.body, on=on)}
    return ApproverForm(data, officers=officers, away=away)


def _not_submitted(
    request: ReaderRequest, assignment: Assignment, refusal: Refusal
) -> HttpResponse:
    """The draft to check again if it can still be submitted, else the page that says why not."""
    assignment.refresh_from_db()
    draft = draft_of(assignment)
    if draft is not None and not update_error(assignment, draft):
        notice = f"{refusal} {saved_sentence(draft, request)}."
        return _check_page(request, assignment, draft, notice=notice)
    answers = answers_of(draft) if draft else []
    return closed_page(request, assignment, refusal, answers=answers)


def _nothing_to_check(request: ReaderRequest, assignment: Assignment) -> HttpResponse:
    """The answer to an old address, or to Back after submitting."""
    last = last_update(assignment)
    if last is None:
        return redirect("update", assignment.body.slug, assignment.recommendation.reference)
    when = wording.moment(last.submitted_at, on=london_day(request.now))
    messages.info(
        request, f"There is no draft. {last.submitted_by.name} submitted the last update {when}."
    )
    return redirect(assignment)


def _check_page(
    request: ReaderRequest,
    assignment: Assignment,
    draft: Draft,
    *,
    notice: str = "",
    has_tried: bool = False,
    approver_form: ApproverForm | None = None,
) -> HttpResponse:
    draft.assignment = assignment
    errors = problems(draft, on=london_day(request.now))
    last = last_update(assignment)
    answers, files = answers_of(draft, last), draft_files(draft)
    has_no_change = not files and repeats_answers(draft, last)
    form = approver_form
    if form is None and draft.requires_approval and not errors:
        form = _approver_form(assignment, on=london_day(request.now))
    context = {
        **update_context(request, assignment, last),
        "draft": draft,
        "is_claim": draft.is_claim,
        "draft_version": DraftVersionForm.for_draft(draft),
        "answers": answers,
        "confirmed": confirmed_contradictions(draft),
        "left_out": [name.lower() for name in _left_out(draft)],
        "no_change_since": (last.confirms or last).submitted_at if last and has_no_change else None,
        "files": files,
        "is_one_page": request.user.prefers_one_page,
        "problems": [
            {"text": sentence, "href": _change_url(assignment, name)}
            for name, sentence in errors.items()
        ],
        "has_tried": has_tried,
        "not_approved": last_return(draft) if draft.requires_approval else None,
        "form": form,
        "notice": notice,
    }
    return render(request, "update/check.html", context, status=409 if notice else 200)


def _left_out(draft: Draft) -> list[str]:
    """The labels of answers in the draft that a claim does not have."""
    applicable = answers_for(draft.status)
    return [
        answer.label
        for answer in ANSWERS.values()
        if answer not in applicable and getattr(draft, answer.name)
    ]


def _change_url(assignment: Assignment, name: str) -> str:
    """The page of an answer. Saving it leads back to the check page."""
    url_args = [assignment.body.slug, assignment.recommendation.reference, step_with(name).slug]
    return f"{reverse('update_step', args=url_args)}?change#id_{name}"
