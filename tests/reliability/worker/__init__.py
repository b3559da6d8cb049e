"""Tests with Celery worker processes on the tests' database and broker."""
