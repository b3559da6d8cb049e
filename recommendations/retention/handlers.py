"""What is done to rows that are too old and cannot simply be deleted."""

from datetime import datetime

from django.db.models import QuerySet

from forces.models import Departure
from forces.refusal import Refusal
from recommendations.actions.drafts import discard_draft
from recommendations.actions.remove_person import remove_person
from recommendations.models import Draft, ImportBatch, MailContent, OutboxMail

State = ImportBatch.State


def discard_drafts(drafts: QuerySet[Draft], at: datetime) -> None:
    """With their evidence, and a line in the audit trail for each."""
    for draft in drafts:
        discard_draft(draft=draft, by=None, at=at)


def blank_mails(mails: QuerySet[OutboxMail], at: datetime) -> None:
    """The row stays: that it was sent is what keeps it from being sent again (rule 8)."""
    mails.update(reader_name="", address="", last_error="", provider_id="")


def empty_contents(contents: QuerySet[MailContent], at: datetime) -> None:
    """Those that no mail names any more go altogether."""
    contents.filter(mails=None).delete()
    contents.update(text="", html="", fields={}, picture=None)


def empty_imports(batches: QuerySet[ImportBatch], at: datetime) -> None:
    """What was not confirmed is dropped; the fingerprint of what was stays, so that it is once."""
    batches.exclude(state=State.DONE).update(state=State.DISCARDED, parked_in="")
    batches.update(content=b"", results=[])


def remove_people(departures: QuerySet[Departure], at: datetime) -> None:
    for departure in departures.select_related("person__body"):
        try:
            remove_person(person=departure.person, by=None, at=at)
        except Refusal:
            continue  # an administrator was quicker
