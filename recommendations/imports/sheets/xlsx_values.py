"""How an XLSX file stores text and dates: escapes, number formats, and days as numbers."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto

from recommendations.imports.sheets.grid import Faulty, part_of_date

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("(?<!\r)\r+\n")

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
_BRACKETED = re.compile(r"\[[^\]]*\]")
_HALF_DAY = re.compile(r"am/pm|a/p")
_DAY = re.compile(r"(?<!d)dd?(?!d)")  # more letters show the weekday
_MONTH_FIRST = re.compile(r"m{1,2}\W+d{1,2}\b")

_LAST_SERIAL = 2_958_466  # 1 January 10000
_LEAP_SERIAL = 60  # 29 February 1900, which there was not
_DAYS_FROM_1900_TO_1904 = 1_462


class Kind(Enum):
    """What a number format shows of a number."""

    NUMBER = auto()
    DATE = auto()
    PART = auto()  # of a date, without its day or its year
    TIME = auto()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    kind: Kind = Kind.NUMBER
    is_month_first: bool = False


_BUILT_IN = {
    **dict.fromkeys((14, 15, 22, 27, 28, 29, 30, 31, 36, 50, 51, 53, 54, 57, 58), Kind.DATE),
    **dict.fromkeys((16, 17, 52, 55, 56), Kind.PART),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), Kind.TIME),
}


def built_in_format(number: int) -> NumberFormat:
    """Return a format that is not in the file. Its order of day and month is the reader's own."""
    return NumberFormat(_BUILT_IN.get(number, Kind.NUMBER))


def number_format(code: str) -> NumberFormat:
    """Return what a format of the file shows, such as `dd/mm/yyyy;@`."""
    plain = _QUOTED.sub(" ", code.lower()).partition(";")[0]
    if _ELAPSED.search(plain):
        return NumberFormat(Kind.TIME)
    bare = _HALF_DAY.sub("", _BRACKETED.sub("", plain)).strip()
    if "d" in bare or "y" in bare:
        is_whole = "y" in bare and _DAY.search(bare) is not None
        is_month_first = _MONTH_FIRST.match(bare) is not None
        return NumberFormat(Kind.DATE if is_whole else Kind.PART, is_month_first)
    if "general" in bare or any(digit in bare for digit in "0#?"):
        return NumberFormat(Kind.NUMBER)
    if "h" in bare or "s" in bare:
        return NumberFormat(Kind.TIME)
    return NumberFormat(Kind.PART if "m" in bare else Kind.NUMBER)


def unescape(text: str) -> str:
    """Return text without Excel's escapes: `_x000D_` is a carriage return, `_x005F_` is `_`."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"),
                         text)  # fmt: skip
        text = _LONE.sub("\ufffd", text)
    return _LINE_END.sub("\n", text)


def escape(text: str) -> str:
    """Return text so that Excel and `unescape` read it as it is."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def dated(number: float, shown: NumberFormat, cell: str, *, is_1904: bool) -> date | Faulty:
    """Return the day of a number that is shown as a date, with its time unless it is midnight."""
    if shown.kind is Kind.TIME:
        return Faulty(number, f"has a time in cell {cell}. Enter a date, like 31/12/2026")
    serial = number + (_DAYS_FROM_1900_TO_1904 if is_1904 else 0)
    if not 1 <= serial < _LAST_SERIAL or int(serial) == _LEAP_SERIAL:
        return Faulty(
            number, f"has a number in cell {cell} that is no date. Enter a date, like 31/12/2026"
        )
    epoch = date(1899, 12, 31 if serial < _LEAP_SERIAL else 30)
    moment = datetime.combine(epoch, time.min) + timedelta(seconds=round(serial * 86_400))
    on = moment if moment.time() != time.min else moment.date()
    return part_of_date(on, cell) if shown.kind is Kind.PART else on
