"""Hides secrets, email addresses and text that people typed in log lines.

They are recognised by their key, by a pattern, or because they are secrets of this service. When in
doubt, a value is hidden (docs/decisions/0018-logs-without-secrets.md).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

HIDDEN = "[hidden]"
MIN_SECRET_LENGTH = 8  # characters; hiding a shorter secret would hide ordinary words

_KEY = (
    r"pass(?:word|wd|phrase)|secret|token|authori[sz]ation|cookie|session|csrf|credential"
    r"|(?:api|access|private)[_-]?key|otp|(?:recovery|security)[_-]?code"
)
_SECRET_KEY = re.compile(_KEY, re.IGNORECASE)
_ANY_CASE = re.IGNORECASE | re.MULTILINE

# Paths followed by a secret; a test compares them with all URLs of the service.
_SECRET_PATHS = (
    "calendar",
    "digests/unsubscribe",
    "accounts/(?:reset|invitations?|invited?|join|confirm|confirm-email|password/reset/key)",
)

# key=value, 'key': 'value', "key": "value"
_NAMED = rf"((?:{_KEY})[\w.-]{{0,40}}[\"']?\s*[:=]\s*)"
_VALUE = r"(?:b?\"(?:\\.|[^\"\\])*\"|b?'(?:\\.|[^'\\])*'|[^\s,;&)}\]]+)"
_RANDOM = r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{32,}"

# None backtracks over a long text, because strangers can choose what is logged.
_RULES = [
    (re.compile(pattern, flags), replacement)
    for pattern, flags, replacement in (
        # PostgreSQL quotes rows here.
        (r"^(DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*", re.MULTILINE, rf"\1: {HIDDEN}"),
        (r"\\n(DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*", 0, rf"\\n\1: {HIDDEN}"),
        (r"(invalid input (?:syntax|value) for [^:\n]+: ).*", 0, rf"\1{HIDDEN}"),
        # postgres://, redis:// and smtp:// with a name and a password.
        (r"://[^\s/?#]*@", 0, f"://{HIDDEN}@"),
        (rf"(/(?:{'|'.join(_SECRET_PATHS)})/)[^\s\"'<>?]+", 0, rf"\1{HIDDEN}"),
        # A query may contain a name that somebody searched for.
        (r"(?<=[\w/.-])\?[^\s\"<>]+", 0, f"?{HIDDEN}"),
        (r"((?:authori[sz]ation|cookie)\b[\"']?\s*[:=]\s*)\S.*", _ANY_CASE, rf"\1{HIDDEN}"),
        (r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", _ANY_CASE, rf"\1 {HIDDEN}"),
        (_NAMED + _VALUE, _ANY_CASE, rf"\1{HIDDEN}"),
        (r"\bclt_[\w-]+", 0, HIDDEN),
        (r"\b(?:argon2\w*|pbkdf2_\w+|bcrypt\w*|scrypt|md5)\$\S+", 0, HIDDEN),
        (r"\beyJ[\w-]+\.[\w-]+\.[\w-]*", 0, HIDDEN),
        # 32 or more characters with upper-case letters, lower-case letters and digits.
        (_RANDOM, 0, HIDDEN),
        (r"[\w.+'-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE, "[email address]"),
    )
]


@dataclass(frozen=True)
class SecretsFilter:
    """Hides secrets in text and data. `secrets` are values that this service was started with."""

    secrets: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self.secrets:
            if len(secret) >= MIN_SECRET_LENGTH:
                text = text.replace(secret, HIDDEN)
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        return text

    def hide_values(self, value: Any) -> Any:
        """Return plain data without secrets; of any other object only its class name."""
        match value:
            case str():
                return self.hide(value)
            case None | bool() | int() | float():
                return value
            case date():
                return value.isoformat()
            case BaseException():
                return self.hide(message_of(value))
            case Mapping():
                return {
                    str(key): HIDDEN if is_secret_key(str(key)) else self.hide_values(member)
                    for key, member in value.items()
                }
            case list() | tuple() | set() | frozenset():
                return [self.hide_values(member) for member in value]
        return type(value).__name__


def is_secret_key(key: str) -> bool:
    """Whether the value of this key is always hidden."""
    return bool(_SECRET_KEY.search(key))


def message_of(error: BaseException) -> str:
    """Return the message of an exception; of a database error only the line without the row."""
    from django.db import Error as DatabaseError  # late, as gunicorn's main process has no database

    message = str(error)
    return message.partition("\n")[0] if isinstance(error, DatabaseError) else message


def without_rows(text: str, error: BaseException | None) -> str:
    """Return a traceback without the rows that the database quoted."""
    for cause in _causes(error):
        text = text.replace(str(cause), message_of(cause)) if str(cause) else text
    return text


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, and everything it was raised from or during."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if cause is not None and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [cause.__cause__, cause.__context__]
