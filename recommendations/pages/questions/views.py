"""Questions on an assignment, and the analysts' list of those that wait."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.actions.questions import ask_question, reply_to_question, side_of
from recommendations.dashboards.questions.questions import Thread, open_questions, threads
from recommendations.models import Assignment, Inspection, Question
from recommendations.models.question import Side
from recommendations.pages.lookups import find_assignment
from recommendations.pages.questions.forms import QuestionForm, ReplyForm


@require_safe
@requires(Permission.REVIEW_CLAIMS)
def all_questions(request: ReaderRequest) -> HttpResponse:
    """What waits for the analysts, and what waits for bodies."""
    inspection = Inspection.objects.current()
    context = {
        "from_bodies": open_questions(inspection, asked_by=Side.BODY),
        "from_analysts": open_questions(inspection, asked_by=Side.ANALYSTS),
    }
    return render(request, "questions/list.html", context)


@resumed_form.keeps_typed_text
@get_or_post
def questions(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """Every thread of one assignment; those who speak for a side can ask and reply."""
    assignment = find_assignment(request, slug, number)
    is_writer = side_of(request.user, assignment) is not None
    if request.method != "POST":
        return _kept(request, assignment, resumed_form.take(request), is_writer=is_writer)
    if not is_writer:
        raise Http404
    if "reply_to" in request.POST:
        return _reply(request, assignment)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, assignment, form, is_writer=True)
    ask_question(
        assignment=assignment,
        text=form.cleaned_data["text"],
        by=request.user,
        at=request.now,
    )
    messages.success(request, "Your question is sent. It stands in the next weekly mail.")
    return redirect("questions", slug, number)


def _kept(
    request: ReaderRequest, assignment: Assignment, typed: QueryDict | None, *, is_writer: bool
) -> HttpResponse:
    """The page, with what was typed before the sign-in in its own place."""
    question = _question(assignment, str(typed.get("reply_to", ""))) if typed else None
    reply = ReplyForm(typed, question_id=question.pk) if question else None
    form = QuestionForm(None if question else typed)
    return _page(request, assignment, form, is_writer=is_writer, reply=reply)


def _question(assignment: Assignment, key: str) -> Question | None:
    is_number = key.isdecimal() and key.isascii() and len(key) < 16
    return (
        Question.objects.filter(assignment=assignment, pk=int(key)).first() if is_number else None
    )


def _reply(request: ReaderRequest, assignment: Assignment) -> HttpResponse:
    question = _question(assignment, request.POST["reply_to"])
    if question is None:
        raise Http404
    form = ReplyForm(request.POST, question_id=question.pk)
    if not form.is_valid():
        return _page(request, assignment, QuestionForm(), is_writer=True, reply=form)
    try:
        reply_to_question(
            question=question,
            text=form.cleaned_data["text"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        form.add_error("text", str(refusal))
        return _page(request, assignment, QuestionForm(), is_writer=True, reply=form)
    messages.success(request, "Your reply is sent.")
    return redirect("questions", assignment.body.slug, assignment.recommendation.number)


def _page(
    request: ReaderRequest,
    assignment: Assignment,
    form: QuestionForm,
    *,
    is_writer: bool,
    reply: ReplyForm | None = None,
) -> HttpResponse:
    context = {
        "assignment": assignment,
        "threads": [(thread, _form_of(thread, reply)) for thread in threads(assignment)],
        "form": reply or form,
        "question_form": form if is_writer else None,
    }
    return render(request, "questions/threads.html", context)


def _form_of(thread: Thread, reply: ReplyForm | None) -> ReplyForm:
    is_this = reply is not None and reply.question_id == thread.pk
    return reply if reply is not None and is_this else ReplyForm(question_id=thread.pk)
