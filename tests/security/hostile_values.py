"""Hostile values, and Hypothesis strategies that fill in forms with them."""

from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

VALUES = (
    *("", " ", "\x00", "a\x00b", "\ud800", "\udfff x", "\u202ekcatta\u202c", "\ufeff", "\u2028"),
    *("0", "-1", "1", "2147483648", "9223372036854775808", "9" * 30, "1e309", "NaN", "0x10", "١٢"),
    *("'", "' OR 1=1 --", "'; DROP TABLE forces_user; --", "%", "_", "\\", "%s", "{0}", "$1"),
    *("{{ request.user }}", "{% debug %}", "${7*7}", "{0.__class__}", "<script>alert(1)</script>"),
    *("<img src=x onerror=alert(1)>", "]]>", "<!--", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "\t=1"),
    *("../../etc/passwd", "..\\..\\x", "/etc/passwd", "%2e%2e%2f", "file:///etc/passwd"),
    *("http://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"),
    *("2026-02-30", "0001-01-01", "9999-12-31", "10000-01-01", "0000-00-00", "2026-W60", "24:61"),
    *("2026-01-01T00:00:00+99:99", "2026-01-01T23:59:59.999999Z", "31/12/2026", "-2026-01-01"),
    *("a\r\nBcc: x@evil.example", "x@evil.example", "a" * 300, "ä" * 5000, "🙂" * 90, "null"),
    *("true", "[]", "{}", '{"a": 1}', "administrator", "analyst", "kent", "essex", "overdue"),
    *("00000000-0000-4000-8000-000000000000", "implemented", "accept", "(a|b", "a & !b", "kent OR"),
)
PROTECTED_NAMES = (  # attributes that no form may set
    *("role", "is_active", "is_staff", "is_superuser", "body", "body_id", "id", "pk", "owner"),
    *("password", "email", "submitted_by", "actor", "person", "reader", "reviewed_by", "asked_by"),
    *("assignment", "assignment_id", "state", "number", "created_at", "for_role", "secret_hash"),
)
PROTECTED_VALUES = ("administrator", "true", "on", "1", "2", "analyst", "essex", "ready", "done")
Fields = list[tuple[str, str]]

texts = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from(VALUES),
    st.text(max_size=40),
    st.integers(-(2**70), 2**70).map(str),
    st.dates().map(str),
)


def encode(fields: Fields) -> str:
    """Return the fields as a form body, with lone surrogates, which no browser sends."""
    return "&".join(f"{_quote(name)}={_quote(value)}" for name, value in fields)


def _quote(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


@st.composite
def form_values(
    draw: Any, fields: Fields, choices: Fields, names: tuple[str, ...], *, max_changes: int = 3
) -> Fields:
    """Draw a form with some of its choices and some fields hostile, missing, repeated or added."""
    chosen = draw(st.lists(st.sampled_from(choices), max_size=6) if choices else st.just([]))
    values = [*fields, *chosen]
    for _ in range(draw(st.integers(0, max_changes))):
        name = draw(st.sampled_from(names)) if names else draw(texts)
        change = draw(st.sampled_from(["replace", "replace", "replace", "remove", "repeat"]))
        if change != "repeat":
            values = [pair for pair in values if pair[0] != name]
        if change != "remove":
            values.append((name, draw(texts)))
    if draw(st.booleans()):
        protected_name = draw(st.sampled_from(PROTECTED_NAMES))
        values.append((protected_name, draw(st.sampled_from(PROTECTED_VALUES))))
    return values
