"""The schedule of the Celery tasks, their queues, and the workers of those.

Frequent jobs run by intervals, which a clock change neither stops nor doubles. The nightly job runs
by the clock of Europe/London. Each job asks the database what is due, so it does no harm if one is
late, missed or run twice. A message that nobody has taken before the next one is dropped.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab
from kombu import Queue

TASKS = "recommendations.tasks"


def _job(task: str, schedule: timedelta | crontab, *, expires: int = 0) -> dict[str, Any]:
    """An entry of the schedule; its message expires after so many seconds, or never (0)."""
    options = {"options": {"expires": expires}} if expires else {}
    return {"task": f"{TASKS}.{task}", "schedule": schedule, **options}


SCHEDULE = {
    "flag overdue": _job("flag_overdue", timedelta(minutes=30)),
    "end memberships": _job("end_memberships", timedelta(minutes=30)),
    "render dashboards": _job("render_dashboards", timedelta(hours=1)),
    "refresh dashboards": _job("render_stale_dashboards", timedelta(minutes=2), expires=110),
    "weekly digest": _job("send_digests", timedelta(minutes=5), expires=290),
    "instant alerts": _job("send_alerts", timedelta(minutes=5), expires=290),
    "account emails": _job("send_account_emails", timedelta(minutes=1), expires=55),
    "delivery reports": _job("fetch_delivery_reports", timedelta(minutes=30), expires=1700),
    "delivery failures": _job("read_delivery_failures", timedelta(minutes=10), expires=590),
    "resume imports": _job("resume_imports", timedelta(minutes=2), expires=110),
    "resume downloads": _job("resume_downloads", timedelta(minutes=2), expires=110),
    "find unfinished jobs": _job("mark_lost_runs", timedelta(minutes=10), expires=590),
    "delete old data": _job("housekeeping", crontab(minute="20", hour="3")),
}

JOB_TIMES = {  # as the jobs page shows them
    "flag overdue": "every half hour",
    "end memberships": "every half hour",
    "render dashboards": "every hour, and after each change",
    "refresh dashboards": "every 2 minutes, if a change has not been rendered",
    "weekly digest": "every 5 minutes; a week is due on Monday at 7am",
    "instant alerts": "every 5 minutes",
    "account emails": "every minute, and when one is requested",
    "delivery reports": "every half hour",
    "delivery failures": "every 10 minutes, from the mailbox",
    "resume imports": "every 2 minutes",
    "resume downloads": "every 2 minutes",
    "find unfinished jobs": "every 10 minutes",
    "delete old data": "every night at 3:20am",
}

DEFAULT_QUEUE = "jobs"
QUEUES = [Queue("emails"), Queue("render"), Queue("imports"), Queue(DEFAULT_QUEUE)]

# The queues of each worker, and how many processes it has. Emails have a worker of their own, so
# that a long import cannot delay them.
WORKERS = {"jobs": ([DEFAULT_QUEUE, "render", "imports"], 2), "emails": (["emails"], 1)}

_QUEUES_BY_TASK = {
    "send_digests": "emails",
    "send_outbox": "emails",
    "send_alerts": "emails",
    "send_account_emails": "emails",
    "fetch_delivery_reports": "emails",
    "read_delivery_failures": "emails",
    "render_dashboards": "render",
    "render_stale_dashboards": "render",
    "process_import": "imports",
    "resume_imports": "imports",
    "create_download": "imports",
    "resume_downloads": "imports",
}
ROUTES = {f"{TASKS}.{name}": {"queue": queue} for name, queue in _QUEUES_BY_TASK.items()}
