"""An SMTP server in the test process that stores accepted emails and can be made to fail."""

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"


@dataclass
class SmtpServer:
    """`answer` returns the reply to each message: `ACCEPTED`, or a rejection.

    `answer_sender` and `answer_recipient` are the replies to MAIL and RCPT. After `closes_after`
    emails on one connection the server replies `closes_by`. After `hangs_up_after` accepted emails
    it closes the connection once without a reply. 0 means never.
    """

    port: int = 0
    answer: Callable[[Envelope], str] = lambda envelope: ACCEPTED
    answer_sender: str = ACCEPTED
    answer_recipient: Callable[[str], str] = lambda address: ACCEPTED
    accepted: list[EmailMessage] = field(default_factory=list)
    closes_after: int = 0
    closes_by: str = "421"
    hangs_up_after: int = 0
    connections: int = 0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections += not hasattr(session, "email_count")
        session.email_count = getattr(session, "email_count", 0) + 1
        if self.closes_after and session.email_count > self.closes_after:
            if self.closes_by != "421":
                server.transport.abort()
            return "421 4.7.0 too many emails on this connection"
        envelope.mail_from = address
        return self.answer_sender

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.answer_recipient(address)
        if reply == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = self.answer(envelope)
        if reply == ACCEPTED:
            content = envelope.content or b""
            raw = content if isinstance(content, bytes) else content.encode()
            self.accepted.append(message_from_bytes(raw, policy=policy.default))
            if len(self.accepted) == self.hangs_up_after:
                server.transport.abort()
        return reply

    @property
    def recipients(self) -> Counter[str]:
        return Counter(str(message["To"]) for message in self.accepted)


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """Listen on a free port of this machine until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = SmtpServer(port=probe.getsockname()[1])
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
