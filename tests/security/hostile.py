"""Values that no person types, and the strategies that draw them."""

from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

ATOMS = (
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
MASS = (  # what nobody may set who only fills in a form
    *("role", "is_active", "is_staff", "is_superuser", "body", "body_id", "id", "pk", "owner"),
    *("password", "email", "submitted_by", "actor", "person", "reader", "reviewed_by", "asked_by"),
    *("assignment", "assignment_id", "state", "number", "created_at", "for_role", "secret_hash"),
)
MASS_VALUES = ("administrator", "true", "on", "1", "2", "analyst", "essex", "ready", "done")
Fields = list[tuple[str, str]]

texts = st.one_of(
    st.sampled_from(ATOMS),
    st.sampled_from(ATOMS),
    st.text(max_size=40),
    st.integers(-(2**70), 2**70).map(str),
    st.dates().map(str),
)


def encoded(fields: Fields) -> str:
    """As a browser that knows no shame would send it: lone surrogates, too."""
    pairs = ((_quoted(name), _quoted(value)) for name, value in fields)
    return "&".join(f"{name}={value}" for name, value in pairs)


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


@st.composite
def filled(
    draw: Any, fields: Fields, choices: Fields, names: tuple[str, ...], *, most: int = 3
) -> Fields:
    """A form as offered in part; the rest is hostile, missing, there twice, or invented."""
    sent = [
        *fields,
        *draw(st.lists(st.sampled_from(choices), max_size=6) if choices else st.just([])),
    ]
    for _ in range(draw(st.integers(0, most))):
        name = draw(st.sampled_from(names)) if names else draw(texts)
        act = draw(st.sampled_from(["spoil", "spoil", "spoil", "leave out", "twice"]))
        if act != "twice":
            sent = [each for each in sent if each[0] != name]
        if act != "leave out":
            sent.append((name, draw(texts)))
    if draw(st.booleans()):
        sent.append((draw(st.sampled_from(MASS)), draw(st.sampled_from(MASS_VALUES))))
    return sent
