"""The project: settings, addresses, the Celery app and what surrounds the two apps."""

from countylines.celery import app as celery_app

__all__ = ["celery_app"]
