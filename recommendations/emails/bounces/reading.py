"""Reads delivery failures from the mailbox, and marks emails and addresses.

A message is moved or flagged after its effect was committed. If the job is killed in between, the
message is read again, and changes nothing again.
"""

import logging
from collections import Counter
from datetime import datetime
from enum import Enum, auto

from django.conf import settings

from recommendations import wording
from recommendations.advisory_lock import try_lock
from recommendations.emails.bounces.mailbox import open_mailbox
from recommendations.emails.bounces.matching import Match, mark_failure
from recommendations.emails.bounces.reports import MessageKind, read_message
from recommendations.emails.outbox import rejections

log = logging.getLogger(__name__)

LOCK_ID = 0x131A  # a name space of advisory locks


class _Outcome(Enum):
    """What became of one message."""

    MARKED = auto()  # a report of an email that we sent
    NOTHING = auto()  # another report, or a reply of a machine
    FOR_A_PERSON = auto()
    LATER = auto()  # about an email that is being sent just now


def read_bounce_mailbox(*, at: datetime) -> str:
    """Read the new messages; return what was found. Raises MailboxUnavailable."""
    if settings.BOUNCE_MAILBOX is None:
        return "No mailbox of delivery failures is set (BOUNCE_MAILBOX_URL)."
    with try_lock(LOCK_ID, 1) as is_locked:
        if not is_locked:
            return "Another run is reading the mailbox."
        counts: Counter[_Outcome] = Counter()
        with open_mailbox(settings.BOUNCE_MAILBOX) as mailbox:
            for uid in mailbox.list_unread():
                raw = mailbox.fetch(uid)
                if raw is None:
                    continue
                outcome = _handle(raw, at=at)
                counts[outcome] += 1
                if outcome is _Outcome.FOR_A_PERSON:
                    mailbox.flag(uid)
                elif outcome is not _Outcome.LATER:
                    mailbox.move_away(uid)
        rejections.reset_old_counts(at=at)
    return _sentence(counts)


def _handle(raw: bytes, *, at: datetime) -> _Outcome:
    message = read_message(raw)
    if message.kind is MessageKind.OTHER:
        return _Outcome.FOR_A_PERSON
    matches = {
        mark_failure(message_id, failure, at=at)
        for failure in message.failures
        for message_id in message.message_ids
    }
    if Match.IS_BEING_SENT in matches:
        return _Outcome.LATER
    if message.failures and Match.OURS not in matches:
        log.warning("A delivery failure matches no email that was sent to its recipient.")
    return _Outcome.MARKED if Match.OURS in matches else _Outcome.NOTHING


def _sentence(counts: Counter[_Outcome]) -> str:
    others = counts[_Outcome.FOR_A_PERSON]
    failures = wording.count(counts[_Outcome.MARKED], "delivery failure")
    left = f" {wording.count(others, 'message')} flagged for you to read." if others else ""
    return f"{wording.count(counts.total(), 'new message')}, {failures}.{left}"
