"""Decodes CSV files: recognises the encodings of Excel on Windows and on the Mac."""

import re
from dataclasses import dataclass

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_END_OF_FILE = b"\n\x1a"  # as programs for DOS end a text
_SAMPLE_BYTES = 4_096
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# What British and Welsh names and texts have. Other letters are a sign of a wrong encoding.
_LIKELY = re.compile(
    "[\u00a3\u20ac\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u00a0\u00a9\u00ae\u00b0\u00bd\u00bc"
    "\u00be\u00b2\u00ab\u00bb\u2122\u00b7\u00ba\u00df"
    "\u00e0-\u00e5\u00e7-\u00ef\u00f1-\u00f6\u00f8-\u00fc\u00fd\u00ff\u00e6\u0153]"
)
_CAPITAL = re.compile("(?<![a-z])[\u00c0-\u00d6\u00d8-\u00de\u0178\u0160\u017d]")
# Letters of another alphabet or of Eastern Europe that were read in a Western encoding.
_FOREIGN = re.compile(r"[^\W\x00-\x7f]{3,}|\u00a3[a-z]{3,}")
_ACCENTED = re.compile(r"[^\x00-\x7f]")
# UTF-8 that was read as Windows-1252 and saved again.
_TWICE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u20ac\u201a-\u201e\u2020-\u2026\u2030\u2039\u0152"
    "\u2018-\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u0178\u017d\u017e]"
    "|\u00e2\u20ac[\u0080-\u00bf\u02dc\u2122\u0153\u2018-\u201d\u00a6\u00a2]"
)
_WORD_ENDS = ' \t\r\n\u00a0,;|"'
_MAX_SAMPLES = 3
_MAX_SAMPLE_LENGTH = 40  # characters


@dataclass(frozen=True)
class Decoded:
    """The text of a file. `note` is for the person, "" if nothing can be wrong."""

    text: str
    note: str = ""


class UnknownEncoding(ValueError):
    """The file cannot be read as text. The message completes “The file ...”."""


def decode_csv(raw: bytes) -> Decoded:
    """Return the text in the encoding that the file has. Raises UnknownEncoding."""
    decoded = _decode(raw.removesuffix(_END_OF_FILE))
    if _CONTROL.search(decoded.text):
        raise UnknownEncoding("must be a spreadsheet (.xlsx, .ods or .csv).")
    if _TWICE.search(decoded.text):
        samples = _samples(decoded.text, _TWICE)
        raise UnknownEncoding(
            f"has letters that another program has damaged: {samples}. Save it as “CSV UTF-8”, or "
            "as .xlsx, from the program in which the letters are right."
        )
    return decoded


def _decode(raw: bytes) -> Decoded:
    codec = next((codec for mark, codec in _BOMS if raw.startswith(mark)), "") or _utf_16(raw)
    if codec:
        try:
            return Decoded(raw.decode(codec))
        except UnicodeDecodeError as error:
            sample = raw[max(0, error.start - 20) : error.start].decode(codec, "ignore").strip()
            raise UnknownEncoding(
                f"is damaged after “{sample}”: the text cannot be read. Save it again as "
                "“CSV UTF-8” or as .xlsx."
            ) from None
    try:
        return Decoded(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _older(raw)


def _utf_16(raw: bytes) -> str:
    """Return the codec of UTF-16 without a byte order mark, which has zeros in every other byte."""
    head = raw[: _SAMPLE_BYTES // 2 * 2]
    half = len(head) // 2
    if half < 2:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def _older(raw: bytes) -> Decoded:
    """Return the text in Windows-1252 or Mac Roman, whichever has likely letters."""
    texts = {}
    for codec, name in (("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman")):
        try:
            texts[name] = raw.decode(codec)
        except UnicodeDecodeError:
            continue
    scores = {name: _unlikely_letters(text) for name, text in texts.items()}
    best = min(scores, key=lambda name: scores[name])
    others = [name for name in scores if name != best]
    has_mac_line_ends = b"\r" in raw and b"\n" not in raw
    if any(scores[name] == scores[best] and texts[name] != texts[best] for name in others):
        if has_mac_line_ends:
            best = "Mac Roman"
        elif scores[best]:
            readings = " or ".join(_samples(text, _ACCENTED) for text in texts.values())
            raise UnknownEncoding(
                f"has letters whose encoding is not clear: {readings}. Save it as “CSV UTF-8” or "
                "as .xlsx."
            )
    text = texts[best]
    is_foreign = _FOREIGN.search(text) is not None
    samples = _samples(text, _FOREIGN if is_foreign else _ACCENTED)
    if is_foreign or scores[best] > _accented_letters(text) / 2:
        raise UnknownEncoding(
            f"has letters that cannot be read: {samples}. Save it as “CSV UTF-8” or as .xlsx."
        )
    return Decoded(text, f"The file was read as {best}. Check its letters: {samples}.")


def _accented_letters(text: str) -> int:
    return sum(char > "\x7f" for char in text)


def _unlikely_letters(text: str) -> int:
    return _accented_letters(text) - len(_LIKELY.findall(text)) - len(_CAPITAL.findall(text))


def _samples(text: str, pattern: re.Pattern[str]) -> str:
    """Return up to three different words with what the pattern finds, in quotation marks."""
    words: dict[str, None] = {}
    for match in pattern.finditer(text):
        start, end = match.span()
        while start > 0 and text[start - 1] not in _WORD_ENDS and end - start < _MAX_SAMPLE_LENGTH:
            start -= 1
        while end < len(text) and text[end] not in _WORD_ENDS and end - start < _MAX_SAMPLE_LENGTH:
            end += 1
        word = text[start:end][:_MAX_SAMPLE_LENGTH].strip("'\u201c\u201d")
        if any(char.isalnum() for char in word):
            words[word] = None
        if len(words) == _MAX_SAMPLES:
            break
    return ", ".join(f"“{word}”" for word in words)
