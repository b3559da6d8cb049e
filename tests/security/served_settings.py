"""Production's settings, plus an address that fails; for `tests/security/served.py` alone."""

import os
from pathlib import Path

from countylines.settings import *  # noqa: F403

ROOT_URLCONF = "tests.security.failing_address"
STATIC_ROOT = Path(os.environ["TEST_STATIC_ROOT"])
