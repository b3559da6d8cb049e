"""When each job runs, on the clock of Europe/London (design, section 8).

No job depends on its minute: each asks the database what is due, so a late, doubled or
missed run does no harm.
"""

from celery.schedules import crontab

SCHEDULE = {
    "flag overdue": {
        "task": "recommendations.tasks.flag_overdue",
        "schedule": crontab(minute="1,31"),
    },
    "render dashboards": {
        "task": "recommendations.tasks.render_dashboards",
        "schedule": crontab(minute="3", hour="0-23"),
    },
    "weekly digest": {
        "task": "recommendations.tasks.send_digests",
        "schedule": crontab(minute="*/5"),
    },
    "news at once": {
        "task": "recommendations.tasks.tell_at_once",
        "schedule": crontab(minute="2-59/5"),
    },
    "mail that came back": {
        "task": "recommendations.tasks.ask_about_mail",
        "schedule": crontab(minute="17,47"),
    },
    "resume imports": {
        "task": "recommendations.tasks.resume_imports",
        "schedule": crontab(minute="*/2"),
    },
    "resume downloads": {
        "task": "recommendations.tasks.resume_downloads",
        "schedule": crontab(minute="1-59/2"),
    },
    "housekeeping": {
        "task": "recommendations.tasks.keep_house",
        "schedule": crontab(minute="20", hour="3"),
    },
}
