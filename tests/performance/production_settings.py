"""Production's settings, plus the minimal page; only for `tests/performance/load.py`."""

import os
from pathlib import Path

from countylines.settings import *  # noqa: F403

ROOT_URLCONF = "tests.performance.urls"
STATIC_ROOT = Path(os.environ["TEST_STATIC_ROOT"])
