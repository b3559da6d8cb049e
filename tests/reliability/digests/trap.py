"""A mail server that makes faults on purpose, and remembers what it really took."""

import asyncio
import logging
import random
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SILENCE = 2.0  # seconds: longer than the sender waits for a word

# What it may do to one mail, at which point of the conversation.
FAULTS = (
    "421 at MAIL",
    "421 at RCPT",
    "450 at RCPT",
    "451 after DATA",
    "silence before DATA",
    "silence after DATA, not taken",
    "silence after DATA, taken",
    "dropped at RCPT",
    "dropped after DATA, not taken",
    "dropped after DATA, taken",
)


@dataclass
class Taken:
    """One mail that the server took. `told`: its yes was sent; `conversation` counts them."""

    address: str
    message_id: str
    conversation: int
    told: bool
    was_last: bool = True  # nothing else was asked on this connection


@dataclass
class Trap:
    """`rate` is the share of mails that meet a fault; `refused` addresses are refused for good."""

    port: int = 0
    rate: float = 0.0
    refused: frozenset[str] = frozenset()
    taken: list[Taken] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    conversations: int = 0
    _last: dict[int, Taken] = field(default_factory=dict)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not hasattr(session, "number"):
            self.conversations += 1
            session.number = self.conversations
        if session.number in self._last:
            self._last.pop(session.number).was_last = False
        session.fault = random.choice(FAULTS) if random.random() < self.rate else ""
        if session.fault == "421 at MAIL":
            return self._fault(session, "421 4.3.2 closing")
        envelope.mail_from = address
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Whoever takes leave lives, and has heard every answer."""
        if hasattr(session, "number") and session.number in self._last:
            self._last.pop(session.number).was_last = False
        return "221 Bye"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            self.faults["550 at RCPT"] += 1
            return "550 5.1.1 no such person"
        match session.fault:
            case "421 at RCPT":
                return self._fault(session, "421 4.3.2 closing")
            case "450 at RCPT":
                return self._fault(session, "450 4.2.0 busy")
            case "silence before DATA":
                await asyncio.sleep(SILENCE)
                return self._fault(session, "250 OK")
            case "dropped at RCPT":
                server.transport.abort()
                return self._fault(session, "421 gone")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = session.fault
        if fault == "451 after DATA":
            return self._fault(session, "451 4.3.0 later")
        if not fault.endswith("not taken"):
            self._take(session, envelope, told=not fault.endswith("taken"))
        if fault.startswith("silence"):
            await asyncio.sleep(SILENCE)
        if fault.startswith("dropped"):
            server.transport.abort()
        return self._fault(session, "421 gone") if fault else "250 taken"

    def _take(self, session: Session, envelope: Envelope, *, told: bool) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message_id = str(message_from_bytes(content[:4000])["Message-ID"])
        mail = Taken(envelope.rcpt_tos[0], message_id, session.number, told)
        self.taken.append(mail)
        self._last[session.number] = mail

    def _fault(self, session: Session, answer: str) -> str:
        self.faults[session.fault] += 1
        return answer


@contextmanager
def trap() -> Iterator[Trap]:
    """Listen on a free port of this machine until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Trap(port=probe.getsockname()[1])
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
