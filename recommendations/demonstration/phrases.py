"""Choosing what a body or an analyst says, from `phrases.toml`."""

import tomllib
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


def general(rng: Random, kind: str) -> str:
    """A sentence that fits any recommendation, such as a reason for an extension."""
    chosen: str = rng.choice(_phrases()["general"][kind])
    return chosen


def themed(rng: Random, theme: str, stage: str) -> str:
    """A sentence on this theme. Stages: starting, under_way, finished, next_steps, blockers."""
    themes = _phrases()["theme"]
    sentences = themes.get(theme) or themes["Co-ordination"]
    chosen: str = rng.choice(sentences[stage])
    return chosen.format(share=general(rng, "share"))


def joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
