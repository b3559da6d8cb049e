"""What each form is sent with in the matrix, so that a deed is done by whoever may do it."""

from datetime import timedelta
from typing import Any

from recommendations import rules
from recommendations.models import Draft
from tests.factories import PASSWORD
from tests.security.stage import OTHER, OWN, UNTOUCHED, Stage

Form = dict[str, Any]


def form_for(name: str, stage: Stage, whose: str) -> Form:
    """The fields of a POST to the address of this name; none where nobody has said."""
    made: Form = _forms(stage, OTHER if whose.startswith(OTHER) else OWN).get(name, {})
    return made


def _forms(stage: Stage, whose: str) -> dict[str, Form]:
    papers = stage.papers[whose]
    draft = Draft.objects.get(assignment__body=papers.officer.body)
    mark = {"token": str(draft.token), "version": str(draft.version)}
    later = rules.london_day(stage.now) + timedelta(days=70)
    to = {"to_day": later.day, "to_month": later.month, "to_year": later.year}
    new = {"new_password1": "three wide green boats", "new_password2": "three wide green boats"}
    return {
        "login": {"username": "ana.lyst@example.org", "password": PASSWORD},
        "password_change": {"old_password": PASSWORD, **new},
        "password_reset": {"email": "ana.lyst@example.org"},
        "password_reset_confirm": new,
        "update_step": mark | {"account": "It goes on.", "next_steps": "More of it."},
        "update_check": mark,
        "update_discard": mark,
        "questions": {"text": "How far is it?"},
        "more_time": {"action": "take_back"},
        "withdraw": {"reason": "It was merged with another."},
        "review": {"decision": "accepted", "reason": "Well done."},
        "review_hold": {"action": "take_over"},
        "review_correct": {"to": "returned", "reason": "A file was missing."},
        "reviews_together": {"claims": papers.claim.pk},
        "due_date_request": {"outcome": "granted"},
        "deadlines_move": {
            "recommendation": UNTOUCHED,
            "group": "some",
            "bodies": papers.officer.body.slug,
            "reason": "A new law.",
            **to,
        },
        "calendar_feed": {"action": "make"},
        "api_tokens": {"name": "A further one", "days": 30},
        "view_save": {"name": "Another", "address": "/heatmap/"},
        "view_change": {"name": "Another name"},
        "downloads": {"kind": "briefing", "file_type": "pdf"},
        "my_digests": {"weekly": "never", "at_once": "no"},
        "person": {"weekly": "never", "at_once": "no"},
        "week_hold": {"reason": "A wrong figure."},
        "job_start": {"job": "recommendations.tasks.keep_house"},
        "import_batch": {"action": "discard"},
    }
