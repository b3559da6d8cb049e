"""Beat, the process that queues the scheduled tasks: `python -m countylines.beat`.

It only sends names of tasks to the broker. Its app therefore loads neither Django's apps nor our
tasks, and starting it without Celery's command line saves the terminal library of that. It needs
half the memory of `celery -A countylines beat`.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

app = Celery("countylines", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")


if __name__ == "__main__":
    app.Beat(loglevel="INFO", quiet=True).run()
