"""An SMTP server that fails at random, and records which emails it has accepted."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

SILENCE_SECONDS = 2.0  # longer than the sender's timeout

# What may happen to an email, and at which command
FAULTS = (
    "421 at MAIL",
    "421 at RCPT",
    "450 at RCPT",
    "451 after DATA",
    "silence before DATA",
    "silence after DATA, not accepted",
    "silence after DATA, accepted",
    "dropped at RCPT",
    "dropped after DATA, not accepted",
    "dropped after DATA, accepted",
)


@dataclass
class AcceptedEmail:
    """`is_acknowledged`: the sender was sent 250; `connection` is the number of the connection."""

    address: str
    message_id: str
    connection: int
    is_acknowledged: bool
    is_last: bool = True  # no other command followed on the connection


@dataclass
class FaultyServer:
    """`rate` is the share of emails with a fault; `rejected` addresses are rejected for good."""

    port: int = 0
    rate: float = 0.0
    rejected: frozenset[str] = frozenset()
    accepted: list[AcceptedEmail] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    _last: dict[int, AcceptedEmail] = field(default_factory=dict)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not hasattr(session, "number"):
            self.connections += 1
            session.number = self.connections
        if session.number in self._last:
            self._last.pop(session.number).is_last = False
        session.fault = random.choice(FAULTS) if random.random() < self.rate else ""
        if session.fault == "421 at MAIL":
            return self._fault(session, "421 4.3.2 closing")
        envelope.mail_from = address
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """A sender that quits is alive and has received every reply."""
        if hasattr(session, "number") and session.number in self._last:
            self._last.pop(session.number).is_last = False
        return "221 Bye"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.rejected:
            self.faults["550 at RCPT"] += 1
            return "550 5.1.1 no such person"
        match session.fault:
            case "421 at RCPT":
                return self._fault(session, "421 4.3.2 closing")
            case "450 at RCPT":
                return self._fault(session, "450 4.2.0 busy")
            case "silence before DATA":
                await asyncio.sleep(SILENCE_SECONDS)
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
        if not fault.endswith("not accepted"):
            is_acknowledged = not fault.endswith("accepted")
            self._accept(session, envelope, is_acknowledged=is_acknowledged)
        if fault.startswith("silence"):
            await asyncio.sleep(SILENCE_SECONDS)
        if fault.startswith("dropped"):
            server.transport.abort()
        return self._fault(session, "421 gone") if fault else "250 accepted"

    def _accept(self, session: Session, envelope: Envelope, *, is_acknowledged: bool) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message_id = str(message_from_bytes(content[:4000])["Message-ID"])
        address = envelope.rcpt_tos[0]
        email = AcceptedEmail(address, message_id, session.number, is_acknowledged)
        self.accepted.append(email)
        self._last[session.number] = email

    def _fault(self, session: Session, reply: str) -> str:
        self.faults[session.fault] += 1
        return reply


@contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    """Listen on a free port of this machine until the block ends."""
    server = FaultyServer(port=free_port())
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
