"""Why a page of the update form could not be saved as it was, in sentences."""

from uuid import UUID

from django.utils.text import capfirst

from forces.http import ReaderRequest
from recommendations import wording
from recommendations.models import Assignment, Draft, Update
from recommendations.pages.update.drafts import submitted_sentence
from recommendations.pages.update.uploads import lost_files_sentence
from recommendations.rules import london_day

SIGNED_OUT = (
    "You were signed out while you were writing. What you typed is below, but it is not saved yet."
)


def saved_by(draft: Draft, request: ReaderRequest) -> str:
    """Return the name of the person who saved the draft, or `you`."""
    return wording.person(draft.saved_by.name, is_reader=draft.saved_by == request.user)


def conflict_notice(saved: Draft, request: ReaderRequest) -> str:
    """Say who saved the draft after the page was opened."""
    where = " in another window" if saved.saved_by == request.user else ""
    when = wording.moment(saved.saved_at, on=london_day(request.now))
    return (
        f"{capfirst(saved_by(saved, request))} changed this draft{where} {when}, after you opened "
        "this page. What you typed is below, and nothing has been overwritten."
    )


def gone_notice(
    assignment: Assignment, draft: Draft | None, *, token: UUID | None, request: ReaderRequest
) -> str:
    """Say what happened to the draft with this token, and what saving would do now.

    `draft` is the assignment's present draft. One query.
    """
    updates = Update.objects.select_related("submitted_by").filter(assignment=assignment)
    submitted = updates.filter(token=token).first() if token else None
    sentences = [
        submitted_sentence(submitted, request)
        if submitted
        else "The draft on this page was deleted.",
        "What you typed is below.",
        f"{capfirst(saved_by(draft, request))} started a new draft after that."
        if draft
        else "If you save it, you will start a new draft.",
        lost_files_sentence(request),
    ]
    return " ".join(filter(None, sentences))
