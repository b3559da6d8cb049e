"""The mailbox of delivery failures, read by IMAP."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import requests
from django.conf import settings

MAX_MESSAGE_BYTES = 256 * 1024  # that are read of each; a report begins with what matters
MAX_MESSAGES = 500  # in one run
MAX_REASON_LENGTH = 200  # characters of the reason why there is no access token
HANDLED_FOLDER = "Processed"
# The first personal namespace in an answer such as `(("INBOX." ".")) NIL NIL` (RFC 2342)
_PREFIX = re.compile(rb'\(\("([^"\\]*)"')


class OAuthSettings(Protocol):
    """How to get an access token with a client id and a client secret."""

    @property
    def token_url(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def client_secret(self) -> str: ...
    @property
    def scope(self) -> str: ...


class MailboxSettings(Protocol):
    """The type of settings.BOUNCE_MAILBOX."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def security(self) -> str: ...
    @property
    def oauth(self) -> OAuthSettings | None: ...


class MailboxUnavailable(Exception):
    """The mailbox cannot be read now: a sentence for the jobs page."""


class Mailbox:
    """The selected folder. Messages are named by their UIDs, which do not change."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        """`connection` is signed in: some servers offer MOVE only then."""
        self._connection = connection
        capabilities = _check(connection.capability())[-1].upper().split()
        self._can_move = b"MOVE" in capabilities
        answer = _check(connection.namespace())[-1] if b"NAMESPACE" in capabilities else None
        self._handled_folder = f'"{folder_prefix(answer or b"")}{HANDLED_FOLDER}"'

    def list_unread(self) -> list[str]:
        """Return the messages that are neither handled nor flagged, the oldest first.

        Somebody who opens a message with an email program does not hide it from this.
        """
        [found] = self._command("SEARCH", "UNFLAGGED", "UNDELETED")
        uids = sorted(int(uid) for uid in (found or b"").split())
        return [str(uid) for uid in uids[:MAX_MESSAGES]]

    def fetch(self, uid: str) -> bytes | None:
        """Return the beginning of a message; None if it has gone. It does not become seen."""
        parts = self._command("FETCH", uid, f"(UID BODY.PEEK[]<0.{MAX_MESSAGE_BYTES}>)")
        return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)

    def move_away(self, uid: str) -> None:
        """Move a message that has been handled out of the folder."""
        self._command("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        if self._can_move:
            self._command("MOVE", uid, self._handled_folder)
        else:
            self._command("COPY", uid, self._handled_folder)
            self._command("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")

    def flag(self, uid: str) -> None:
        """Leave a message for a person, with the flag that email programs show."""
        self._command("STORE", uid, "+FLAGS.SILENT", r"(\Flagged)")

    def create_folder(self) -> None:
        """Create the folder of handled messages, unless it exists."""
        status, _ = self._connection.status(self._handled_folder, "(MESSAGES)")
        if status != "OK":
            _check(self._connection.create(self._handled_folder))

    def _command(self, name: str, *arguments: str) -> list[Any]:
        return _check(self._connection.uid(name, *arguments))


def folder_prefix(namespaces: bytes) -> str:
    """Return what the names of folders begin with: `INBOX.` on servers that have all inside it."""
    match = _PREFIX.search(namespaces)
    return match[1].decode("ascii", "replace") if match else ""


@contextmanager
def open_mailbox(mailbox: MailboxSettings) -> Iterator[Mailbox]:
    """Sign in and select the folder. Raises MailboxUnavailable for every failure of IMAP."""
    try:
        connection = _connect(mailbox)
        try:
            _sign_in(connection, mailbox)
            opened = Mailbox(connection)
            opened.create_folder()
            _check(connection.select(f'"{mailbox.folder}"'))
            yield opened
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnavailable(
            f"The mailbox of delivery failures at {mailbox.host} cannot be read: {error}. Check "
            f"{'BOUNCE_MAILBOX_*' if mailbox.oauth else 'BOUNCE_MAILBOX_URL'}. Nothing has been "
            "lost."
        ) from error


def _connect(mailbox: MailboxSettings) -> imaplib.IMAP4:
    timeout = settings.EMAIL_TIMEOUT
    if mailbox.security == "tls":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=timeout)
    connection = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=timeout)
    if mailbox.security == "starttls":
        connection.starttls(ssl.create_default_context())
    return connection


def _sign_in(connection: imaplib.IMAP4, mailbox: MailboxSettings) -> None:
    """Sign in with the password, or with an access token (XOAUTH2)."""
    if mailbox.oauth is None:
        connection.login(mailbox.user, mailbox.password)
        return
    token = _access_token(mailbox.oauth)
    answer = f"user={mailbox.user}\x01auth=Bearer {token}\x01\x01".encode()
    # A second challenge explains a refusal, which comes after an empty answer.
    connection.authenticate("XOAUTH2", lambda challenge: b"" if challenge else answer)


def _access_token(oauth: OAuthSettings) -> str:
    """Return a new token. Raises OSError, without the token or the secret in it."""
    fields = {
        "grant_type": "client_credentials",
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "scope": oauth.scope,
    }
    try:
        response = requests.post(
            oauth.token_url, data=fields, timeout=settings.EMAIL_TIMEOUT, allow_redirects=False
        )
        answer = response.json()
    except requests.RequestException as error:
        raise OSError(f"{oauth.token_url} gave no token ({type(error).__name__})") from None
    if not response.ok or not isinstance(answer, dict) or not answer.get("access_token"):
        reasons = answer if isinstance(answer, dict) else {}
        reason = str(reasons.get("error_description") or reasons.get("error") or "")
        text = " ".join(reason.split())[:MAX_REASON_LENGTH]
        raise OSError(f"{oauth.token_url} gave no token ({response.status_code} {text})")
    return str(answer["access_token"])


def _check(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        text = data[0].decode(errors="replace") if data and isinstance(data[0], bytes) else status
        raise imaplib.IMAP4.error(text)
    return data
