"""A content as it goes over the line, made once; each reader's own words are put in as bytes.

Building a message anew for each reader costs more than the whole conversation with the server.
"""

import re
from email.utils import formatdate
from html import escape

from django.core.mail import BadHeaderError

from recommendations.digests.message import message_of
from recommendations.digests.personal import (
    CHOOSE,
    LEAVE,
    NAME,
    Personal,
    choose_url,
    leave_url_of,
)
from recommendations.models import MailContent, OutboxMail

NAME_IN_HTML = "\ue003"
TO, MESSAGE_ID, DATE, LEAVE_HEADER = (f"own-{word}@x" for word in ("to", "id", "date", "leave"))

MARKS = (TO, MESSAGE_ID, DATE, LEAVE_HEADER, LEAVE, CHOOSE, NAME_IN_HTML, NAME)
_MARKS = re.compile(f"({'|'.join(MARKS)})".encode())


class Pattern:
    """Raises ValueError where the content can't be one: its words are encoded beyond finding."""

    def __init__(self, content: MailContent) -> None:
        said = Personal(
            subject=content.subject,
            text=content.text,
            html=content.html.replace(NAME, NAME_IN_HTML),
            fields={},
            picture=bytes(content.picture) if content.picture is not None else None,
            leave_url=LEAVE_HEADER,
        )
        message = message_of(said, to=TO, message_id=MESSAGE_ID)
        message.extra_headers["Date"] = DATE
        self.raw = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        used = content.text + said.html + TO + MESSAGE_ID + DATE + LEAVE_HEADER
        if any(mark.encode() not in self.raw for mark in MARKS if mark in used):
            raise ValueError("A mark cannot be found in the encoded message.")
        self._pieces = _MARKS.split(self.raw)  # every second one is a mark

    def filled(self, mail: OutboxMail, *, to: str) -> bytes:
        """The message to one reader; `to` is the address as headers spell it."""
        leave_url = leave_url_of(mail)
        own = {
            TO: to,
            MESSAGE_ID: mail.message_id,
            DATE: formatdate(),
            LEAVE_HEADER: leave_url,
            LEAVE: leave_url,
            CHOOSE: choose_url(),
            NAME_IN_HTML: escape(mail.reader_name),
            NAME: mail.reader_name,
        }
        if any("\n" in words or "\r" in words for words in own.values()):
            raise BadHeaderError(f"Mail {mail.pk} has a line break where none can be.")
        put = {mark.encode(): words.encode() for mark, words in own.items()}
        pieces = self._pieces.copy()
        pieces[1::2] = [put[mark] for mark in pieces[1::2]]
        return b"".join(pieces)
