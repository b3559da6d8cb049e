"""A real Celery worker, in a process of its own, on the tests' database and broker."""
