"""Chooses sentences of forces and analysts from `phrases.toml`."""

from random import Random

from recommendations.demonstration.data_files import read_data_file


def general(rng: Random, kind: str) -> str:
    """Return a sentence that fits any recommendation, such as a reason for an extension."""
    chosen: str = rng.choice(read_data_file("phrases.toml")["general"][kind])
    return chosen


def themed(rng: Random, theme: str, stage: str) -> str:
    """Return a sentence on a theme: starting, under_way, finished, next_steps or blockers."""
    themes = read_data_file("phrases.toml")["theme"]
    chosen: str = rng.choice((themes.get(theme) or themes["Co-ordination"])[stage])
    return chosen.format(share=general(rng, "share"))


def joined(*sentences: str) -> str:
    """Return the sentences that are not empty, with spaces between them."""
    return " ".join(sentence for sentence in sentences if sentence)
