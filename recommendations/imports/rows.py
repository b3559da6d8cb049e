"""One row of an uploaded spreadsheet: its cells as text, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from recommendations.prose import clean_prose

# The errors of Excel and LibreOffice; in a CSV file they are text.
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|EXTERNAL!|PYTHON!|GETTING_DATA|ERR\d*!?)|Err:\d{3}|#{2,}",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?(?=\D*\d)[\d.,\s]+%?")
_BOOLEANS = {"true", "false"}
# A letter that a program could not save, in one word: don?t, ?20,000, Jos?,
_LOST_LETTER = re.compile(r"(?<=\w)\?(?=[\w,.;:])|^\?(?=\w)|\ufffd")


class InvalidCell(ValueError):
    """A cell that cannot be read as its column's answer. Its text follows the heading."""


@dataclass(frozen=True)
class ProblemCell:
    """A cell whose value must not be used. `sentence` follows the heading."""

    sentence: str
    is_blank: bool = False


@dataclass(frozen=True)
class SpreadsheetRow:
    """One row of the file, by heading. `number` is the spreadsheet's row number.

    `columns` has the letters of each column. `problem` is about the row as a whole, or "".
    """

    number: int
    cells: Mapping[str, Any]
    columns: Mapping[str, str] = field(default_factory=dict)
    is_hidden: bool = False
    problem: str = ""

    def text(self, heading: str) -> str:
        """Return the cell as text, whole numbers without a decimal point."""
        value = self.cells.get(heading)
        if value is None or isinstance(value, ProblemCell):
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean_prose(str(value)).strip()

    def cell(self, heading: str) -> str:
        """Return the name of the cell, such as `E2`."""
        return f"{self.columns.get(heading, '')}{self.number}"

    def problem_with(self, heading: str) -> str:
        """Return why the value of the cell must not be used, or ""."""
        value = self.cells.get(heading)
        if isinstance(value, ProblemCell):
            return value.sentence
        if isinstance(value, str) and _ERROR.fullmatch(error := value.strip()):
            return f"has {error} in cell {self.cell(heading)}, not a value. Enter the value"
        return ""

    def checked_text(self, heading: str, *, is_prose: bool = False) -> str:
        """Return the text of the cell. Raises InvalidCell for other content, such as errors.

        Prose must not be a number, a date, or TRUE or FALSE alone: a spreadsheet program makes
        these of other text.
        """
        if problem := self.problem_with(heading):
            raise InvalidCell(problem)
        text, value = self.text(heading), self.cells.get(heading)
        if not is_prose or not text:
            return text
        if isinstance(value, bool) or text.casefold() in _BOOLEANS:
            found = f"only {text.upper()}"
        elif not isinstance(value, str):
            found = f"only a number ({text})" if isinstance(value, int | float) else "only a date"
        elif _NUMBER.fullmatch(text):
            found = f"only a number ({text})"
        else:
            return text
        raise InvalidCell(f"has {found} in cell {self.cell(heading)}. Enter text")

    def lost_letters(self, heading: str, *, is_name: bool = False) -> str:
        """Return a word with a letter that a program has replaced by `?` or `�`, or "".

        In a name, every question mark is such a letter. In other text, a question ends a sentence:
        `caf? on` has a lost letter, `Why? On` has none. Addresses of pages are not searched.
        """
        words = self.text(heading).split()
        for word, after in pairwise([*words, ""]):
            if "://" in word or word.startswith("www.") or not {"?", "\ufffd"} & set(word):
                continue
            is_inside = word[-1] == "?" and after[:1].islower()
            is_dash = word == "?" and after != ""
            if is_name or is_inside or is_dash or _LOST_LETTER.search(word):
                return word[:40]
        return ""
