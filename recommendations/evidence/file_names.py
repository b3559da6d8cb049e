"""Cleans the names of uploaded files: no path, no invisible characters, not too long."""

import re
import unicodedata

_MAX_LENGTH = 140  # characters; a number may be added to it

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, direction marks, unassigned
_UNSAFE = re.compile(r'[<>:"|?*]')


def clean_name(name: str) -> str:
    """Return the last part of a path, without what could mislead a reader or a file system."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    spaced = "".join(" " if c.isspace() else c for c in last)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    safe = _UNSAFE.sub("_", re.sub(r" +", " ", visible)).strip(". ")
    stem, dot, extension = safe.rpartition(".")
    if not dot:
        return safe[:_MAX_LENGTH] or "file"
    extension = extension[:10]
    return f"{stem.strip('. ')[: _MAX_LENGTH - len(extension) - 1] or 'file'}.{extension}"


def extension_of(name: str) -> str:
    """Return `pdf` for `Plan.PDF`, or "" if there is no extension."""
    return name.rpartition(".")[2].lower() if "." in name else ""
