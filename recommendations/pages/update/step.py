"""One step of the update form: shown, saved, or told why it could not be saved.

Nothing typed is lost: whatever goes wrong, the page holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.drafts import DraftConflict, open_draft, save_draft, why_closed
from recommendations.forms.update import PAGES, DraftMark, StepForm, page_after, page_before
from recommendations.models import Assignment, Draft, Review, Update
from recommendations.pages.update.answers import (
    Answer,
    answers_of,
    differences,
    questions,
    typed_in,
)
from recommendations.rules import london_day

SIGNED_OUT = (
    "You were signed out while you were writing. What you typed is below, and it is not saved yet."
)


def draft_of(assignment: Assignment) -> Draft | None:
    return (
        Draft.objects.select_related("saved_by", "corrects").filter(assignment=assignment).first()
    )


def last_update(assignment: Assignment) -> Update | None:
    """With who sent it, and its review."""
    return (
        assignment.updates.select_related("submitted_by", "review__reviewed_by")
        .prefetch_related("review__corrections")
        .order_by("number")
        .last()
    )


def returned(last: Update | None) -> Review | None:
    """The review that sent the latest update back."""
    review = getattr(last, "review", None)
    return review if review is not None and review.is_return else None


def saved_sentence(draft: Draft, request: ReaderRequest) -> str:
    """`Draft saved by Asha Rowe at 3:04pm`."""
    who = wording.person(draft.saved_by.name, is_reader=draft.saved_by == request.user)
    when = wording.moment(draft.saved_at, on=london_day(request.now))
    return f"Draft saved by {who} {when}"


def refused(
    request: ReaderRequest,
    assignment: Assignment,
    why: Refusal | str,
    *,
    answers: Sequence[Answer],
    status: int = 409,
) -> HttpResponse:
    """A page that says why it cannot be, and holds what was written."""
    context = {
        "assignment": assignment,
        "why": str(why),
        "answers": [answer for answer in answers if answer.text],
        "draft": draft_of(assignment),
    }
    return render(request, "update/closed.html", context, status=status)


@dataclass(frozen=True)
class Step:
    """A request for one step's page."""

    request: ReaderRequest
    assignment: Assignment
    form_class: type[StepForm]

    def show(self) -> HttpResponse:
        draft = draft_of(self.assignment)
        typed = resumed_form.take(self.request)
        if draft is None and typed is None:
            return redirect("update", *self._address)
        if why := why_closed(self.assignment, draft):
            answers = typed_in(self._bound(typed, draft)) if typed else answers_of(draft)  # type: ignore[arg-type]
            return refused(self.request, self.assignment, why, answers=answers, status=200)
        if typed:
            mark = DraftMark(typed, auto_id=False)
            return self._page(self._bound(typed, draft), mark, draft, notice=SIGNED_OUT)
        return self._page(self.form_class(on=self._on, draft=draft), DraftMark.of(draft), draft)

    def save(self) -> HttpResponse:
        draft = draft_of(self.assignment)
        form = self._bound(self.request.POST, draft)
        token, version = self._mark()
        if (draft.token if draft else None) != token:
            return self._gone(form, draft, token=token)
        if not form.is_valid():
            mark = DraftMark(self.request.POST, auto_id=False)
            return self._closed(form, draft) or self._page(form, mark, draft)
        try:
            saved = self._keep(form, draft, version=version)
        except DraftConflict as conflict:
            return self._conflict(form, conflict.draft, since=version)
        except Refusal:  # it was sent or deleted a moment ago
            now_there = draft_of(self.assignment)
            return self._closed(form, draft) or self._gone(form, now_there, token=token)
        return self._closed(form, saved) or self._onwards(saved)

    def save_by_itself(self) -> JsonResponse:
        """What a page sends while somebody types: the answers that make sense so far are kept."""
        draft = draft_of(self.assignment)
        token, version = self._mark()
        if draft is None or draft.token != token or why_closed(self.assignment, draft):
            return self._unsaved("This draft was sent, deleted or closed meanwhile.")
        form = self._bound(self.request.POST, draft, is_leaving=True)
        is_whole = form.is_valid()
        answers: dict[str, Any] = form.cleaned_data
        try:
            saved = save_draft(
                draft=draft,
                version=version,
                by=self.request.user,
                at=self.request.now,
                is_by_itself=True,
                **answers,
            )
        except DraftConflict as conflict:
            return self._unsaved(f"{conflict.draft.saved_by.name} changed this draft meanwhile.")
        except Refusal as refusal:
            return self._unsaved(str(refusal))
        sentence = f"{saved_sentence(saved, self.request)}."
        if not is_whole:
            first = next(iter(form.errors.values()))[0]
            sentence = f"Not all of this page is saved: {first}."
        return JsonResponse({"version": saved.version, "sentence": sentence})

    def _unsaved(self, why: str) -> JsonResponse:
        then = "What you typed is on this page only. Choose “Save and continue” to see both."
        return JsonResponse({"sentence": f"{why} {then}"}, status=409)

    def _bound(
        self, typed: Mapping[str, Any], draft: Draft | None, *, is_leaving: bool | None = None
    ) -> StepForm:
        leaves = self._is_leaving if is_leaving is None else is_leaving
        return self.form_class(typed, on=self._on, draft=draft, is_leaving=leaves)

    def _mark(self) -> tuple[UUID | None, int]:
        """The draft that the page was made from, and its version."""
        mark = DraftMark(self.request.POST, auto_id=False)
        posted = mark.cleaned_data if mark.is_valid() else {}
        return posted.get("token"), posted.get("version") or 0

    def _keep(self, form: StepForm, draft: Draft | None, *, version: int) -> Draft:
        """Save the answers; a page made without a draft begins one."""
        by = self.request.user
        if draft is None:
            draft = open_draft(assignment=self.assignment, by=by, at=self.request.now)
            version = max(version, 1)
        answers: dict[str, Any] = form.cleaned_data
        return save_draft(draft=draft, version=version, by=by, at=self.request.now, **answers)

    def _onwards(self, saved: Draft) -> HttpResponse:
        if self._is_leaving:
            messages.success(self.request, "Your draft is saved. You can go on with it any time.")
            return redirect(self.assignment)
        later = page_after(self.form_class.slug)
        if "change" in self.request.GET or not later:
            return redirect("update_check", *self._address)
        return redirect("update_step", *self._address, later)

    def _closed(self, form: StepForm, draft: Draft | None) -> HttpResponse | None:
        """The page for an assignment that takes no update any more, with what was typed."""
        self.assignment.refresh_from_db()
        if why := why_closed(self.assignment, draft):
            return refused(self.request, self.assignment, why, answers=typed_in(form))
        return None

    def _conflict(self, form: StepForm, saved: Draft, *, since: int) -> HttpResponse:
        """Both texts side by side; saving again, knowingly, keeps the typed one."""
        who = wording.person(saved.saved_by.name, is_reader=saved.saved_by == self.request.user)
        where = " in another window" if saved.saved_by == self.request.user else ""
        when = wording.moment(saved.saved_at, on=self._on)
        return self._page(
            form,
            DraftMark.of(saved),
            saved,
            notice=f"{who[0].upper()}{who[1:]} changed this draft{where} {when}, after you "
            "opened this page. Nothing that you typed is lost, and nothing is overwritten.",
            differences=differences(form, saved, since=since),
            saved_by=who,
        )

    def _gone(self, form: StepForm, draft: Draft | None, *, token: UUID | None) -> HttpResponse:
        """The draft of this page was sent or deleted; the typed text can begin a new one."""
        if closed := self._closed(form, draft):
            return closed
        is_comparable = draft is not None and form.is_valid()
        return self._page(
            form,
            DraftMark.of(draft),
            draft,
            notice=f"{self._why_gone(token)} {self._since_then(draft)}",
            differences=differences(form, draft, since=0) if draft and is_comparable else [],
            saved_by=draft.saved_by.name if draft else "",
        )

    def _why_gone(self, token: UUID | None) -> str:
        updates = Update.objects.select_related("submitted_by")
        sent = updates.filter(assignment=self.assignment, token=token).first() if token else None
        if sent is None:
            return "The draft of this page is no longer there: it was deleted."
        mine = sent.submitted_by == self.request.user
        who = wording.person(sent.submitted_by.name, is_reader=mine)
        when = wording.moment(sent.submitted_at, on=self._on)
        return f"This update was already sent {when} by {who}."

    def _since_then(self, draft: Draft | None) -> str:
        if draft is None:
            return "What you typed is below. If you save it, it begins a new draft."
        who = wording.person(draft.saved_by.name, is_reader=draft.saved_by == self.request.user)
        return f"What you typed is below. {who[0].upper()}{who[1:]} began a new draft since."

    def _page(
        self,
        form: StepForm,
        mark: DraftMark,
        draft: Draft | None,
        *,
        notice: str = "",
        **conflict: Any,
    ) -> HttpResponse:
        last = last_update(self.assignment)
        slug = self.form_class.slug
        context = {
            "assignment": self.assignment,
            "form": form,
            "questions": questions(form, last),
            "last": last,
            "returned": returned(last),
            "mark": mark,
            "draft_state": saved_sentence(draft, self.request) if draft else "",
            "number_of_step": PAGES.index(slug) + 1,
            "steps_count": len(PAGES),
            "before": page_before(slug),
            "is_change": "change" in self.request.GET,
            "notice": notice,
            **conflict,
        }
        return render(self.request, "update/step.html", context, status=409 if notice else 200)

    @property
    def _on(self) -> date:
        return london_day(self.request.now)

    @property
    def _is_leaving(self) -> bool:
        return self.request.POST.get("action") == "leave"

    @property
    def _address(self) -> tuple[str, int]:
        return self.assignment.body.slug, self.assignment.recommendation.number
