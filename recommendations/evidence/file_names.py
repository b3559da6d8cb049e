"""A file's name as it is kept: no path, nothing invisible, not too long."""

import re
import unicodedata

LONGEST = 140  # characters; a number may be added to it

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, direction marks, unassigned
_UNSAFE = re.compile(r'[<>:"|?*]')


def clean_name(name: str) -> str:
    """The last part of a path, without what could mislead a reader or a file system."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if c.isspace() else c for c in last)
    shown = "".join(c for c in seen if unicodedata.category(c) not in _INVISIBLE)
    plain = _UNSAFE.sub("_", re.sub(r" +", " ", shown)).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:LONGEST] or "file"
    ending = ending[:10]
    return f"{stem.strip('. ')[: LONGEST - len(ending) - 1] or 'file'}.{ending}"


def ending_of(name: str) -> str:
    """`pdf` of `Plan.PDF`; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
