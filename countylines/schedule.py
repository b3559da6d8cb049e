"""When each job runs, and in which queue (design, section 8).

Frequent jobs go by intervals, which no clock change stalls or doubles; the nightly one goes by the
clock of Europe/London.

No job depends on its minute: each asks the database what is due, so a late, doubled or missed run
does no harm. A tick that nobody has taken when the next one comes is dropped.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab
from kombu import Queue

TASKS = "recommendations.tasks"
TICK = 110  # seconds that a message of a frequent job lives


def _job(task: str, schedule: timedelta | crontab, *, lives: int = 0) -> dict[str, Any]:
    options = {"options": {"expires": lives}} if lives else {}
    return {"task": f"{TASKS}.{task}", "schedule": schedule, **options}


SCHEDULE = {
    "flag overdue": _job("flag_overdue", timedelta(minutes=30)),
    "render dashboards": _job("render_dashboards", timedelta(hours=1)),
    "weekly digest": _job("send_digests", timedelta(minutes=5), lives=290),
    "news at once": _job("tell_at_once", timedelta(minutes=5), lives=290),
    "mail about accounts": _job("send_account_mail", timedelta(minutes=1), lives=55),
    "mail that came back": _job("ask_about_mail", timedelta(minutes=30), lives=1700),
    "resume imports": _job("resume_imports", timedelta(minutes=2), lives=TICK),
    "resume downloads": _job("resume_downloads", timedelta(minutes=2), lives=TICK),
    "lost runs": _job("find_lost_runs", timedelta(minutes=10), lives=590),
    "housekeeping": _job("keep_house", crontab(minute="20", hour="3")),
}

JOB_TIMES = {
    "flag overdue": "every half hour",
    "render dashboards": "every hour, and after each change",
    "weekly digest": "every 5 minutes; a week is due on Monday at 7am",
    "news at once": "every 5 minutes",
    "mail about accounts": "every minute, and when one is asked for",
    "mail that came back": "every half hour",
    "resume imports": "every 2 minutes",
    "resume downloads": "every 2 minutes",
    "lost runs": "every 10 minutes",
    "housekeeping": "every night at 3:20am",
}

DEFAULT_QUEUE = "jobs"
QUEUES = [Queue("mail"), Queue("render"), Queue("imports"), Queue(DEFAULT_QUEUE)]

# A long import delays no mail: a worker of its own takes the queue of the mail.
_QUEUE_OF = {
    "send_digests": "mail",
    "send_mail": "mail",
    "tell_at_once": "mail",
    "send_account_mail": "mail",
    "ask_about_mail": "mail",
    "render_dashboards": "render",
    "work_on_import": "imports",
    "resume_imports": "imports",
    "make_download": "imports",
    "resume_downloads": "imports",
}
ROUTES = {f"{TASKS}.{name}": {"queue": queue} for name, queue in _QUEUE_OF.items()}
