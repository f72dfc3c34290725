"""A mail server that delivers nothing: what is sent to it is caught, and shown."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

from meibo_sandbox.world import LATE, Fault, World

NAME = "mail"
FAULTS = (Fault.LATE, Fault.LOST, Fault.TWICE)
MOST_KEPT = 200
LONGEST_MESSAGE = 10_485_760
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of every command.


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it was caught."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str


@dataclass(slots=True)
class MailServer:
    """Speaks SMTP on a socket, and keeps the last messages; the world's faults spoil it."""

    world: World
    caught: deque[Mail] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    @asynccontextmanager
    async def serving(self, listening: socket.socket) -> AsyncIterator[None]:
        """Take messages until the block ends."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._session, sock=listening)
        try:
            yield
        finally:
            server.close()

    def _session(self) -> SMTP:
        return SMTP(self, data_size_limit=LONGEST_MESSAGE, enable_SMTPUTF8=True, hostname="localhost")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Catch a message: aiosmtpd calls this by name."""
        if self.world.faults.is_down(NAME, self.world.now()):
            return "421 4.3.2 The stand-in is down"
        fault = self.world.faults.take(NAME)
        caught = self._caught(envelope)
        self.caught.extend([caught] * (2 if fault is Fault.TWICE else 1))
        if fault is Fault.LATE:
            await self.world.passed(LATE)
        return "451 4.3.0 The answer is lost" if fault is Fault.LOST else "250 2.0.0 Caught"

    def _caught(self, envelope: Envelope) -> Mail:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        return Mail(
            self.world.now(), envelope.mail_from or "", tuple(envelope.rcpt_tos), str(message["subject"] or ""),
            _text(message),
        )  # fmt: skip


def told(mail: Mail) -> dict[str, object]:
    """A message as JSON has it."""
    return {**asdict(mail), "at": mail.at.isoformat(), "recipients": list(mail.recipients)}


def _text(message: EmailMessage) -> str:
    """The readable part; "" for a message without one, or in an encoding that nobody knows."""
    body = message.get_body(("plain", "html"))
    try:
        return str(body.get_content()).replace("\r\n", "\n") if body else ""
    except (LookupError, UnicodeError):
        return ""
