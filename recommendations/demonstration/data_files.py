"""Reads the texts and names of the demonstration from the TOML files in this folder."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def read_data_file(name: str) -> dict[str, Any]:
    """Return the content of a TOML file of this folder."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
