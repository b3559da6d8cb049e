"""One page of the update form: showing it, saving it, and what happens if it cannot be saved.

Nothing that was typed is lost: every answer that could not be saved is shown again.
"""

from collections.abc import Mapping
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
from recommendations.actions.drafts import DraftConflict, open_draft, save_draft, update_error
from recommendations.forms.update import OnePageForm
from recommendations.forms.update_pages import page_after, page_before, pages_for
from recommendations.forms.update_step import DraftVersionForm, StepForm
from recommendations.models import Assignment, Draft
from recommendations.pages.update.answers import answers_of, differences, questions, typed_answers
from recommendations.pages.update.drafts import (
    closed_page,
    draft_of,
    last_update,
    saved_sentence,
    update_context,
)
from recommendations.pages.update.notices import (
    SIGNED_OUT,
    conflict_notice,
    gone_notice,
    saved_by,
)
from recommendations.pages.update.uploads import (
    lost_files_sentence,
    remove_file,
    status_of,
    store_files,
    summary_errors,
    upload_context,
)
from recommendations.rules import london_day


@dataclass(frozen=True)
class StepPage:
    """A request for one page of the update form."""

    request: ReaderRequest
    assignment: Assignment
    form_class: type[StepForm]

    def show(self) -> HttpResponse:
        """The page with the saved answers, or with what was typed before the session ended."""
        draft = draft_of(self.assignment)
        typed = resumed_form.pop(self.request)
        if typed:
            form = self._bound(typed, draft)
            if reason := update_error(self.assignment, draft):
                return self._closed_page(reason, answers=typed_answers(form), status=200)
            version = DraftVersionForm(typed, auto_id=False)
            return self._page(form, version, draft, notice=SIGNED_OUT)
        if draft is None:
            return redirect("update", *self._url_args)
        if reason := update_error(self.assignment, draft):
            return self._closed_page(reason, answers=answers_of(draft), status=200)
        if not self._is_one_page and self.form_class.slug not in self._pages(draft.status):
            return redirect("update_check", *self._url_args)
        form = self.form_class(on=self._on, draft=draft)
        return self._page(form, DraftVersionForm.for_draft(draft), draft)

    def save(self) -> HttpResponse:
        """Store files, save the answers and go to the next page, or show what was wrong."""
        draft = draft_of(self.assignment)
        form = self._bound(self.request.POST, draft)
        token, version = self._posted_version()
        if (draft.token if draft else None) != token:
            return self._gone(form, draft, token=token)
        file_errors = self._files(draft)
        if not form.is_valid():
            posted = DraftVersionForm(self.request.POST, auto_id=False)
            page = self._closed(form, draft)
            return page or self._page(form, posted, draft, file_errors=file_errors)
        try:
            saved = self._save(form, draft, version=version)
        except DraftConflict as conflict:
            return self._conflict(form, conflict.draft, since=version, file_errors=file_errors)
        except Refusal:  # the draft was submitted, deleted or sent for approval in the meantime
            current = draft_of(self.assignment)
            return self._closed(form, current or draft) or self._gone(form, current, token=token)
        return self._closed(form, saved) or self._after_files(saved, file_errors)

    def _files(self, draft: Draft | None) -> list[str]:
        """Store and remove files of the one page; the errors."""
        if not self._is_one_page:
            return []
        if draft is None or update_error(self.assignment, draft):
            return [sentence] if (sentence := lost_files_sentence(self.request)) else []
        errors = store_files(self.request, draft)
        return errors + (remove_file(self.request, draft) if self._is_removing else [])

    def _after_files(self, saved: Draft, file_errors: list[str]) -> HttpResponse:
        """The next page, or this one again with the errors of files or without a removed file."""
        if self._is_removing and not file_errors:
            return redirect(self.request.get_full_path())
        if not file_errors:
            return self._next(saved)
        saved.refresh_from_db()
        form = self.form_class(on=self._on, draft=saved)
        version = DraftVersionForm.for_draft(saved)
        return self._page(form, version, saved, file_errors=file_errors)

    def autosave(self) -> JsonResponse:
        """Save the valid answers while somebody is typing; the sentence says what was saved."""
        draft = draft_of(self.assignment)
        token, version = self._posted_version()
        if draft is None or draft.token != token or update_error(self.assignment, draft):
            return self._not_autosaved(
                "This draft was submitted, deleted or closed while you were working."
            )
        form = self._bound(self.request.POST, draft, is_partial=True)
        is_valid = form.is_valid()
        answers: dict[str, Any] = form.cleaned_data
        try:
            saved = save_draft(
                draft=draft,
                version=version,
                by=self.request.user,
                at=self.request.now,
                is_autosave=True,
                confirmed=form.confirmed,
                **answers,
            )
        except DraftConflict as conflict:
            who = conflict.draft.saved_by.name
            return self._not_autosaved(f"{who} changed this draft while you were working.")
        except Refusal as refusal:
            return self._not_autosaved(str(refusal))
        sentence = f"{saved_sentence(saved, self.request)}."
        if not is_valid:
            error = next(iter(form.errors.values()))[0]
            sentence = f"Not everything on this page is saved: {error}."
        return JsonResponse({"version": saved.version, "sentence": sentence, "is_saved": is_valid})

    def _not_autosaved(self, reason: str) -> JsonResponse:
        advice = "What you typed is on this page only. Select “Save and continue” to keep it."
        return JsonResponse({"sentence": f"{reason} {advice}"}, status=409)

    def _bound(
        self, typed: Mapping[str, Any], draft: Draft | None, *, is_partial: bool = False
    ) -> StepForm:
        return self.form_class(
            typed,
            on=self._on,
            draft=draft,
            is_partial=is_partial or self._is_leaving or self._is_removing,
        )

    def _posted_version(self) -> tuple[UUID | None, int]:
        """The token and the version of the draft that the submitted page showed."""
        form = DraftVersionForm(self.request.POST, auto_id=False)
        posted = form.cleaned_data if form.is_valid() else {}
        return posted.get("token"), posted.get("version") or 0

    def _save(self, form: StepForm, draft: Draft | None, *, version: int) -> Draft:
        """Save the answers, in a new draft if there is none."""
        by = self.request.user
        if draft is None:
            draft = open_draft(assignment=self.assignment, by=by, at=self.request.now)
            version = max(version, 1)
        answers: dict[str, Any] = form.cleaned_data
        return save_draft(
            draft=draft,
            version=version,
            by=by,
            at=self.request.now,
            confirmed=form.confirmed,
            **answers,
        )

    def _next(self, saved: Draft) -> HttpResponse:
        if self._is_leaving:
            messages.success(self.request, "Draft saved. You can continue at any time.")
            return redirect(self.assignment)
        following = page_after(self.form_class.slug, self._pages(saved.status))
        if "change" in self.request.GET or not following:
            return redirect("update_check", *self._url_args)
        return redirect("update_step", *self._url_args, following)

    def _closed(self, form: StepForm, draft: Draft | None) -> HttpResponse | None:
        """The page with what was typed, if the assignment no longer accepts an update."""
        self.assignment.refresh_from_db()
        if reason := update_error(self.assignment, draft):
            reason = f"{reason} {lost_files_sentence(self.request)}".strip()
            return self._closed_page(reason, answers=typed_answers(form))
        return None

    def _closed_page(self, reason: str, **options: Any) -> HttpResponse:
        return closed_page(self.request, self.assignment, reason, **options)

    def _conflict(
        self, form: StepForm, saved: Draft, *, since: int, file_errors: list[str]
    ) -> HttpResponse:
        """Both versions side by side. Saving again replaces the saved one."""
        return self._page(
            form,
            DraftVersionForm.for_draft(saved),
            saved,
            notice=conflict_notice(saved, self.request),
            differences=differences(form, saved, since=since),
            saved_by=saved_by(saved, self.request),
            file_errors=file_errors,
        )

    def _gone(self, form: StepForm, draft: Draft | None, *, token: UUID | None) -> HttpResponse:
        """The page whose draft was submitted or deleted; saving it starts or changes another."""
        if closed := self._closed(form, draft):
            return closed
        is_comparable = draft is not None and form.is_valid()
        return self._page(
            form,
            DraftVersionForm.for_draft(draft),
            draft,
            notice=gone_notice(self.assignment, draft, token=token, request=self.request),
            differences=differences(form, draft, since=0) if draft and is_comparable else [],
            saved_by=draft.saved_by.name if draft else "",
        )

    def _page(
        self,
        form: StepForm,
        version: DraftVersionForm,
        draft: Draft | None,
        *,
        notice: str = "",
        file_errors: list[str] | None = None,
        **conflict: Any,
    ) -> HttpResponse:
        last = last_update(self.assignment)
        slug, status = self.form_class.slug, draft.status if draft else ""
        pages = self._pages(status)
        context = {
            **update_context(self.request, self.assignment, last),
            "form": form,
            "questions": questions(form, draft, last),
            "draft_version": version,
            "draft_state": saved_sentence(draft, self.request) if draft else "",
            "number_of_step": pages.index(slug) + 1 if slug in pages else 0,
            "steps_count": len(pages),
            "before": page_before(slug, pages),
            "is_one_page": self._is_one_page,
            **(upload_context(draft, file_errors or []) if self._is_one_page else {}),
            "errors": summary_errors(form, file_errors or []),
            "is_change": "change" in self.request.GET,
            "notice": notice,
            **conflict,
        }
        code = 409 if notice else status_of(self.request, file_errors or [])
        return render(self.request, "update/step.html", context, status=code)

    def _pages(self, status: str) -> tuple[str, ...]:
        return pages_for(status, requires_approval=self.assignment.body.requires_approval)

    @property
    def _on(self) -> date:
        return london_day(self.request.now)

    @property
    def _is_one_page(self) -> bool:
        return self.form_class is OnePageForm

    @property
    def _is_removing(self) -> bool:
        return self._is_one_page and "remove" in self.request.POST

    @property
    def _is_leaving(self) -> bool:
        return self.request.POST.get("action") == "leave"

    @property
    def _url_args(self) -> tuple[str, int]:
        return self.assignment.body.slug, self.assignment.recommendation.reference
