"""Celery tasks: doors to functions that a shell and a test can call (design, section 8)."""
