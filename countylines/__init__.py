"""The project: settings, addresses, the Celery app and what surrounds the two apps."""

import gc

# Before anything is loaded: at Python's own 700, collecting takes a quarter of every start.
gc.set_threshold(20_000, 20, 20)

from countylines.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
