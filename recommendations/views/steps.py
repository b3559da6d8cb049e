"""One step of the update form: shown, saved, or told why it could not be saved.

Nothing typed is lost: whatever goes wrong, the page holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from recommendations import wording
from recommendations.actions import DraftConflict, Refusal, open_draft, save_draft
from recommendations.actions.draft import refuse_unless_open
from recommendations.forms.answers import Answer, answers_of, differences, typed_in
from recommendations.forms.update_steps import STEPS, DraftMark, StepForm
from recommendations.models import Assignment, Draft, Update
from recommendations.rules import london_day
from recommendations.views.papers import reader_of


def draft_of(assignment: Assignment) -> Draft | None:
    return Draft.objects.select_related("saved_by").filter(assignment=assignment).first()


def saved_sentence(draft: Draft, request: HttpRequest, *, on: date) -> str:
    """`Draft saved by Asha Rowe at 3:04pm`."""
    who = wording.person(draft.saved_by.name, is_reader=draft.saved_by == request.user)
    return f"Draft saved by {who} {wording.moment(draft.saved_at, on=on)}"


def refused(
    request: HttpRequest,
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
    return render(request, "progress/refused.html", context, status=status)


@dataclass(frozen=True)
class Step:
    """A request for one step's page."""

    request: HttpRequest
    assignment: Assignment
    form_class: type[StepForm]
    at: datetime

    def show(self) -> HttpResponse:
        draft = draft_of(self.assignment)
        if draft is None:
            return redirect("update", *self._address)
        try:
            refuse_unless_open(self.assignment)
        except Refusal as refusal:
            return refused(
                self.request, self.assignment, refusal, answers=answers_of(draft), status=200
            )
        form = self.form_class(on=self._on, draft=draft)
        return self._page(form, DraftMark.of(draft), draft)

    def save(self) -> HttpResponse:
        draft = draft_of(self.assignment)
        form = self.form_class(
            self.request.POST, on=self._on, draft=draft, is_leaving=self._is_leaving
        )
        mark = DraftMark(self.request.POST, auto_id=False)
        posted = mark.cleaned_data if mark.is_valid() else {}
        token, version = posted.get("token"), posted.get("version") or 0
        if (draft.token if draft else None) != token:
            return self._gone(form, draft, token=token)
        if not form.is_valid():
            return self._closed(form) or self._page(form, mark, draft)
        try:
            saved = self._keep(form, draft, version=version)
        except DraftConflict as conflict:
            return self._conflict(form, conflict.draft, since=version)
        except Refusal:  # it was sent or deleted a moment ago
            return self._closed(form) or self._gone(form, draft_of(self.assignment), token=token)
        return self._closed(form) or self._onwards(saved)

    def _keep(self, form: StepForm, draft: Draft | None, *, version: int) -> Draft:
        """Save the answers; a page made without a draft begins one."""
        by = reader_of(self.request)
        if draft is None:
            draft = open_draft(assignment=self.assignment, by=by, at=self.at)
            version = max(version, 1)
        answers: dict[str, Any] = form.cleaned_data
        return save_draft(draft=draft, version=version, by=by, at=self.at, **answers)

    def _onwards(self, saved: Draft) -> HttpResponse:
        if self._is_leaving:
            messages.success(self.request, "Your draft is saved. You can go on with it any time.")
            return redirect(self.assignment)
        later = STEPS[STEPS.index(self.form_class) + 1 :]
        if "change" in self.request.GET or not later:
            return redirect("update_check", *self._address)
        return redirect("update_step", *self._address, later[0].slug)

    def _closed(self, form: StepForm) -> HttpResponse | None:
        """The page for an assignment that takes no update any more, with what was typed."""
        self.assignment.refresh_from_db()
        try:
            refuse_unless_open(self.assignment)
        except Refusal as refusal:
            return refused(self.request, self.assignment, refusal, answers=typed_in(form))
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
        if closed := self._closed(form):
            return closed
        sent = (
            Update.objects.select_related("submitted_by")
            .filter(assignment=self.assignment, token=token)
            .first()
            if token
            else None
        )
        why = "The draft of this page is no longer there: it was deleted."
        if sent is not None:
            mine = sent.submitted_by == self.request.user
            who = wording.person(sent.submitted_by.name, is_reader=mine)
            when = wording.moment(sent.submitted_at, on=self._on)
            why = f"This update was already sent {when} by {who}."
        then = "What you typed is below. If you save it, it begins a new draft."
        if draft is not None:
            who = wording.person(draft.saved_by.name, is_reader=draft.saved_by == self.request.user)
            then = f"What you typed is below. {who[0].upper()}{who[1:]} began a new draft since."
        is_comparable = draft is not None and form.is_valid()
        return self._page(
            form,
            DraftMark.of(draft),
            draft,
            notice=f"{why} {then}",
            differences=differences(form, draft, since=0) if draft and is_comparable else [],
            saved_by=draft.saved_by.name if draft else "",
        )

    def _page(
        self,
        form: StepForm,
        mark: DraftMark,
        draft: Draft | None,
        *,
        notice: str = "",
        **conflict: Any,
    ) -> HttpResponse:
        place = STEPS.index(self.form_class)
        before = STEPS[place - 1] if place else None
        context = {
            "assignment": self.assignment,
            "form": form,
            "mark": mark,
            "draft_state": saved_sentence(draft, self.request, on=self._on) if draft else "",
            "number_of_step": place + 1,
            "steps_count": len(STEPS),
            "before": before,
            "is_change": "change" in self.request.GET,
            "notice": notice,
            **conflict,
        }
        return render(self.request, "progress/step.html", context, status=409 if notice else 200)

    @property
    def _on(self) -> date:
        return london_day(self.at)

    @property
    def _is_leaving(self) -> bool:
        return self.request.POST.get("action") == "leave"

    @property
    def _address(self) -> tuple[str, int]:
        return self.assignment.body.slug, self.assignment.recommendation.number
