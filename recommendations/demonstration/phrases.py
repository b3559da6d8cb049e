"""Reads the names and sentences of the demonstration from the TOML files in this folder."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any


@cache
def read_data_file(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def general(rng: Random, kind: str) -> str:
    """Return a sentence that fits any recommendation, such as a reason for an extension."""
    chosen: str = rng.choice(read_data_file("phrases.toml")["general"][kind])
    return chosen


def themed(rng: Random, theme: str, stage: str) -> str:
    """Return a sentence on a theme: starting, under_way, finished, next_steps or blockers."""
    themes = read_data_file("phrases.toml")["theme"]
    chosen: str = rng.choice((themes.get(theme) or themes["Co-ordination"])[stage])
    return chosen.format(share=general(rng, "share"))
