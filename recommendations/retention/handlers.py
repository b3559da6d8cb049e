"""Handles expired rows that cannot simply be deleted."""

from datetime import datetime

from django.db.models import QuerySet

from forces.models import Departure
from forces.refusal import Refusal
from recommendations.actions.drafts import discard_draft
from recommendations.actions.remove_person import remove_person
from recommendations.actions.request_approval import close_waiting_draft
from recommendations.models import Draft, EmailContent, ImportBatch, OutboxEmail

State = ImportBatch.State


def discard_drafts(drafts: QuerySet[Draft], at: datetime) -> None:
    for draft in drafts.select_related("assignment"):
        if draft.is_waiting_for_approval:
            close_waiting_draft(assignment=draft.assignment, at=at)
        discard_draft(draft=draft, by=None, at=at)


def blank_emails(emails: QuerySet[OutboxEmail], at: datetime) -> None:
    """Remove personal data. The row stays, so that the email is never sent twice."""
    emails.update(reader_name="", address="", last_error="", provider_id="")


def empty_contents(contents: QuerySet[EmailContent], at: datetime) -> None:
    """Empty the contents, and delete those that no email refers to any more."""
    contents.filter(emails=None).delete()
    contents.update(text="", html="", fields={}, picture=None)


def empty_imports(batches: QuerySet[ImportBatch], at: datetime) -> None:
    """Empty the files except for their fingerprints, and cancel imports that are not done."""
    batches.exclude(state=State.DONE).update(state=State.DISCARDED, parked_in="")
    batches.update(content=b"", results=[], notes=[])


def remove_people(departures: QuerySet[Departure], at: datetime) -> None:
    for departure in departures.select_related("person__body"):
        try:
            remove_person(person=departure.person, by=None, at=at)
        except Refusal:
            continue  # an administrator has removed the person in the meantime
