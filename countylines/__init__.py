"""The project: settings, URLs, the Celery app and middleware."""

import gc

# Before the other imports: with Python's default of 700, collection takes a quarter of a start.
gc.set_threshold(20_000, 20, 20)
