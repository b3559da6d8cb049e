"""The difference between two texts, in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Passage:
    """Words that are in both texts, only in the old one, or only in the new one."""

    kind: Literal["same", "removed", "added"]
    text: str


def text_difference(old: str, new: str) -> list[Passage]:
    """Return the passages in reading order; what was removed is before what was added."""
    return list(_passages(_WORDS.findall(old), _WORDS.findall(new)))


def _passages(old: list[str], new: list[str]) -> Iterator[Passage]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield Passage("same", "".join(old[i1:i2]))
            continue
        if i2 > i1:
            yield Passage("removed", "".join(old[i1:i2]))
        if j2 > j1:
            yield Passage("added", "".join(new[j1:j2]))
