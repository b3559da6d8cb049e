"""A real SMTP server in the test process, which stores emails and can be made to fail."""

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
class MailServer:
    """`answer` decides how the server answers a message: `ACCEPTED`, or a rejection.

    `hangs_up_after` that many accepted messages in all, it closes the connection once without an
    answer.
    """

    port: int = 0
    answer: Callable[[Envelope], str] = lambda envelope: ACCEPTED
    answer_sender: str = ACCEPTED
    answer_recipient: Callable[[str], str] = lambda address: ACCEPTED
    accepted: list[EmailMessage] = field(default_factory=list)
    closes_after: int = 0  # emails on one connection; 0: never
    closes_by: str = "421"
    hangs_up_after: int = 0  # 0: never
    connections: int = 0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections += not hasattr(session, "emails")
        session.emails = getattr(session, "emails", 0) + 1
        if self.closes_after and session.emails > self.closes_after:
            if self.closes_by != "421":
                server.transport.abort()
            return "421 4.7.0 too many emails on this connection"
        envelope.mail_from = address
        return self.answer_sender

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer_recipient(address)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answer(envelope)
        if answer == ACCEPTED:
            content = envelope.content or b""
            raw = content if isinstance(content, bytes) else content.encode()
            self.accepted.append(message_from_bytes(raw, policy=policy.default))
            if len(self.accepted) == self.hangs_up_after:
                server.transport.abort()
        return answer

    @property
    def recipients(self) -> Counter[str]:
        return Counter(str(message["To"]) for message in self.accepted)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Listen on a free port of this machine until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = MailServer(port=probe.getsockname()[1])
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
