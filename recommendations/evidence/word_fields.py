"""Reads the fields of a Word document, whose code can be spread over many elements."""

import re

_LOADING = {
    *("DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "RD"),
    *("DATABASE", "MACROBUTTON", "HTMLCONTROL"),
}
HIDDEN = "a field with a hidden name"
_NESTED = "\0"  # stands for a field in a field
_AROUND = " \t\r\n\"'“”\\\u00a0\u200b\ufeff"
_CHARACTER_CODES = re.compile(r"QUOTE[\s\"]+\d", re.IGNORECASE)
# Fields that may be followed by another field without a space.
_OPERATIONS = {"IF", "COMPARE", "SET", "ASK", "FILLIN", "QUOTE", "REF", "SYMBOL", "EQ"}


class FieldReader:
    """Collects the code of complex fields. `found` is the first unsafe one, or ""."""

    def __init__(self) -> None:
        self.found = ""
        self._codes: list[list[str]] = []  # of the fields that are open, the innermost last
        self._is_result: list[bool] = []  # whether the code of each of them has ended
        self._stray: list[str] = []  # code outside of all fields

    def mark(self, kind: str) -> None:
        """Read the beginning, the middle or the end of a field (`w:fldCharType`)."""
        if kind == "begin":
            self.code(_NESTED)
            self._codes.append([])
            self._is_result.append(False)
        elif kind == "separate" and self._codes:
            self._is_result[-1] = True
        elif kind == "end" and self._codes:
            self._is_result.pop()
            self.check("".join(self._codes.pop()))

    def code(self, text: str) -> None:
        if not self._codes:
            self._stray.append(text)
        elif not self._is_result[-1]:
            self._codes[-1].append(text)
        else:
            self.check(text.replace(_NESTED, ""))

    def finish(self) -> None:
        """Check the fields that never end, too."""
        while self._codes:
            self.mark("end")
        self.check("".join(self._stray).replace(_NESTED, ""))

    def check(self, code: str) -> None:
        self.found = self.found or unsafe_field(code)


def unsafe_field(code: str) -> str:
    """Return the name of a field that loads or starts something, or "" for other fields."""
    first = re.split(r"[\s\"]", code.strip(_AROUND), maxsplit=1)[0].upper()
    word = re.split(r"[^A-Z]", first, maxsplit=1)[0]
    if word in _LOADING:
        return word
    is_nested = _NESTED in first and not first.startswith("=") and word not in _OPERATIONS
    return HIDDEN if is_nested or _CHARACTER_CODES.match(code.strip(_AROUND)) else ""
