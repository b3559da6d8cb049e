"""What no log line may hold: secrets, people's e-mail addresses, and what people typed.

Known by its key, by its shape, or by being one of our own secrets. What is hidden in vain costs a
reader of the log a moment; what is not hidden is kept for as long as the log.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import Error as DatabaseError

HIDDEN = "[hidden]"
SHORTEST = 8  # characters of an own secret: a shorter one is a word, and would hide the log

_KEY = (
    r"pass(?:word|wd|phrase)|secret|token|authori[sz]ation|cookie|session|csrf|credential"
    r"|(?:api|access|private)[_-]?key|otp|(?:recovery|security)[_-]?code"
)
_SECRET_KEY = re.compile(_KEY, re.IGNORECASE)
_ANY_CASE = re.IGNORECASE | re.MULTILINE

# Addresses whose next part is a key; tests/countylines/test_logs.py walks all of them.
_KEPT_PATHS = (
    "calendar",
    "digests/unsubscribe",
    "accounts/(?:reset|invitations?|invited?|join|confirm|confirm-email|password/reset/key)",
)

# key=value, 'key': 'value', "key": "value"
_NAMED = rf"((?:{_KEY})[\w.-]{{0,40}}[\"']?\s*[:=]\s*)"
_VALUE = r"(?:b?\"(?:\\.|[^\"\\])*\"|b?'(?:\\.|[^'\\])*'|[^\s,;&)}\]]+)"
_BY_CHANCE = r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{32,}"

# None looks back and forth over a long text: a line that a stranger chose costs what it is long.
_RULES = [
    (re.compile(pattern, flags), replacement)
    for pattern, flags, replacement in (
        # What PostgreSQL quotes of a row.
        (r"^(DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*", re.MULTILINE, rf"\1: {HIDDEN}"),
        (r"\\n(DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*", 0, rf"\\n\1: {HIDDEN}"),
        (r"(invalid input (?:syntax|value) for [^:\n]+: ).*", 0, rf"\1{HIDDEN}"),
        # postgres://, redis:// and smtp:// with a name and a password.
        (r"://[^\s/?#]*@", 0, f"://{HIDDEN}@"),
        (rf"(/(?:{'|'.join(_KEPT_PATHS)})/)[^\s\"'<>?]+", 0, rf"\1{HIDDEN}"),
        # A query may hold a name that somebody searched for.
        (r"(?<=[\w/.-])\?[^\s\"<>]+", 0, f"?{HIDDEN}"),
        (r"((?:authori[sz]ation|cookie)\b[\"']?\s*[:=]\s*)\S.*", _ANY_CASE, rf"\1{HIDDEN}"),
        (r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", _ANY_CASE, rf"\1 {HIDDEN}"),
        (_NAMED + _VALUE, _ANY_CASE, rf"\1{HIDDEN}"),
        (r"\bclt_[\w-]+", 0, HIDDEN),
        (r"\b(?:argon2\w*|pbkdf2_\w+|bcrypt\w*|scrypt|md5)\$\S+", 0, HIDDEN),
        (r"\beyJ[\w-]+\.[\w-]+\.[\w-]*", 0, HIDDEN),
        # 32 or more characters with capitals, small letters and digits.
        (_BY_CHANCE, 0, HIDDEN),
        (r"[\w.+'-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE, "[e-mail address]"),
    )
]


@dataclass(frozen=True)
class Secrets:
    """`own` are the values that this service is started with, whatever their shape."""

    own: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        """The text as it may be written."""
        for secret in self.own:
            if len(secret) >= SHORTEST:
                text = text.replace(secret, HIDDEN)
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        return text

    def hide_values(self, value: Any) -> Any:
        """The same for plain data, by key and by text; of any other object its class alone."""
        match value:
            case str():
                return self.hide(value)
            case None | bool() | int() | float():
                return value
            case date():
                return value.isoformat()
            case BaseException():
                return self.hide(words_of(value))
            case Mapping():
                return {
                    str(key): HIDDEN if is_secret(str(key)) else self.hide_values(each)
                    for key, each in value.items()
                }
            case list() | tuple() | set() | frozenset():
                return [self.hide_values(each) for each in value]
        return type(value).__name__


def is_secret(key: str) -> bool:
    """Whether what stands under this key is hidden without being looked at."""
    return bool(_SECRET_KEY.search(key))


def words_of(error: BaseException) -> str:
    """What an exception says; of the database's the first line: the others quote the row."""
    words = str(error)
    return words.partition("\n")[0] if isinstance(error, DatabaseError) else words


def without_rows(text: str, error: BaseException | None) -> str:
    """A traceback without the rows that the database quoted, however many lines they have."""
    for each in _causes(error):
        text = text.replace(str(each), words_of(each)) if str(each) else text
    return text


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]
