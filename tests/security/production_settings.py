"""Production's settings, plus a URL that fails; only for `tests/security/production_server.py`."""

import os
from pathlib import Path

from countylines.settings import *  # noqa: F403

ROOT_URLCONF = "tests.security.failing_urls"
STATIC_ROOT = Path(os.environ["TEST_STATIC_ROOT"])
