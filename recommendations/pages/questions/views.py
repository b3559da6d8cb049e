"""Questions on an assignment, and the analysts' list of open questions."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.actions.questions import ask_question, reply_to_question, side_of
from recommendations.dashboards.questions.questions import Thread, open_questions, threads
from recommendations.models import Assignment, Question
from recommendations.models.question import Side
from recommendations.pages.lookups import current_inspection, find_assignment
from recommendations.pages.questions.forms import QuestionForm, ReplyForm


@require_safe
@requires(Permission.REVIEW_CLAIMS)
def all_questions(request: ReaderRequest) -> HttpResponse:
    """Questions that wait for an analyst, and those that wait for an organisation."""
    inspection = current_inspection(request)
    context = {
        "for_analysts": open_questions(inspection, asked_by=Side.BODY),
        "for_bodies": open_questions(inspection, asked_by=Side.ANALYSTS),
    }
    return render(request, "questions/list.html", context)


@resumed_form.resumable
@get_or_post
def questions(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """Every thread of one assignment; its officers and the analysts can ask and reply."""
    assignment = find_assignment(request, slug, reference)
    side = side_of(request.user, assignment)
    if request.method != "POST":
        return _resumed_page(request, assignment)
    if side is None:
        raise Http404
    if "reply_to" in request.POST:
        return _reply(request, assignment, side)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, assignment, form, side=side)
    ask_question(
        assignment=assignment,
        text=form.cleaned_data["text"],
        by=request.user,
        at=request.now,
    )
    recipients = f"{assignment.body.short_name}'s" if side == Side.ANALYSTS else "the analysts'"
    messages.success(request, f"Question sent. It will be in {recipients} next weekly email.")
    return redirect("questions", slug, reference)


def _resumed_page(request: ReaderRequest, assignment: Assignment) -> HttpResponse:
    """The page, with what was typed before the session ended in the form it was typed in."""
    typed = resumed_form.pop(request)
    question = _question(assignment, str(typed.get("reply_to", ""))) if typed else None
    reply = ReplyForm(typed, question_id=question.pk) if question else None
    form = QuestionForm(None if question else typed)
    return _page(request, assignment, form, side=side_of(request.user, assignment), reply=reply)


def _question(assignment: Assignment, key: str) -> Question | None:
    """The assignment's question with this primary key, as a form sends it."""
    if not (key.isdecimal() and key.isascii() and len(key) < 16):
        return None
    return Question.objects.filter(assignment=assignment, pk=int(key)).first()


def _reply(request: ReaderRequest, assignment: Assignment, side: Side) -> HttpResponse:
    question = _question(assignment, request.POST["reply_to"])
    if question is None:
        raise Http404
    form = ReplyForm(request.POST, question_id=question.pk)
    if not form.is_valid():
        return _page(request, assignment, QuestionForm(), side=side, reply=form)
    try:
        reply_to_question(
            question=question,
            text=form.cleaned_data["text"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        form.add_error("text", str(refusal))
        return _page(request, assignment, QuestionForm(), side=side, reply=form)
    messages.success(request, "Reply sent.")
    return redirect("questions", assignment.body.slug, assignment.recommendation.reference)


def _page(
    request: ReaderRequest,
    assignment: Assignment,
    form: QuestionForm,
    *,
    side: Side | None,
    reply: ReplyForm | None = None,
) -> HttpResponse:
    shown = [(thread, _reply_form(thread, reply, side=side)) for thread in threads(assignment)]
    waits_for_reader = any(thread.is_open and reply_form for thread, reply_form in shown)
    context = {
        "assignment": assignment,
        "threads": shown,
        "form": reply or form,
        "question_form": form if side else None,
        # Only what waits for the reader is green.
        "question_button_kind": "plain" if waits_for_reader else "",
    }
    return render(request, "questions/threads.html", context)


def _reply_form(
    thread: Thread, submitted: ReplyForm | None, *, side: Side | None
) -> ReplyForm | None:
    """The form to reply in a thread; None while the thread waits for the other side."""
    if submitted is not None and submitted.question_id == thread.pk:
        return submitted
    if side is None or not thread.takes_reply_of(side):
        return None
    return ReplyForm(question_id=thread.pk)
