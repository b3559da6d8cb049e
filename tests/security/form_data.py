"""The form that the matrix submits to each endpoint, so that a permitted user's POST succeeds."""

from datetime import date, timedelta
from typing import Any

from recommendations import rules
from recommendations.models import ApprovalRequest, Assignment, Closure, Draft
from tests.factories import PASSWORD
from tests.security.force_records import DRAFTED, NOT_STARTED, QUESTIONED
from tests.security.scenario import FORCES, Scenario

FormData = dict[str, Any]


def form_data(scenario: Scenario, owner: str) -> dict[str, FormData]:
    """Return the fields of each form by endpoint name, about the records of one owner."""
    records = scenario.records[owner]
    drafts = Draft.objects.filter(assignment__body=records.officer.body)
    draft = drafts.get(assignment__recommendation__number=DRAFTED)
    waiting = ApprovalRequest.objects.get(assignment__body=records.officer.body)
    reported = Assignment.objects.get(body=records.officer.body, recommendation__number=QUESTIONED)
    draft_version = {"token": str(draft.token), "version": str(draft.version)}
    later = rules.london_day(scenario.now) + timedelta(days=70)
    password = "three wide green boats"
    new_password = {"new_password1": password, "new_password2": password}
    return {
        "login": {"username": "ana.lyst@example.org", "password": PASSWORD},
        "password_change": {"old_password": PASSWORD, **new_password},
        "password_reset": {"email": "ana.lyst@example.org"},
        "password_reset_confirm": new_password,
        "update_step": draft_version | {"account": "Work continues.", "next_steps": "Training."},
        "update_check": draft_version,
        "update_discard": draft_version,
        "approval": {"decision": "approved", "request": waiting.pk},
        "approval_setting": {"required": "yes", "shown": "no"},
        "no_change": {"latest": reported.latest_update_id},
        "questions": {"text": "When will it be done?"},
        "body_requests": {"body": "norfolk", "kind": "product", "text": "Share the guide."},
        "body_request": {"kind": "cancelled", "seen": 0},
        "steps": _step_fields(later) | {"title": "Hire staff", "seen": 0},
        "step": _step_fields(later),
        "joint_action": {"kind": "progress", "text": "Work continues.", "seen": 0},
        "joint_action_create": _step_fields(later)
        | {"title": "One list", "text": "Both use it.", "participants": "home-office"},
        "joint_action_extend": {"participants": "surrey"},
        "extension": {"action": "take_back"},
        "withdraw": {"kind": "no_further_action", "reason": "It was merged with another."},
        "due_date": {
            "shown": Assignment.objects.get(
                body=records.officer.body, recommendation__number=NOT_STARTED
            ).due_on.isoformat(),
            "reason": "A new law.",
            "to_day": later.day,
            "to_month": later.month,
            "to_year": later.year,
        },
        "recommendation_text": {
            "text": "Another text.",
            "reason": "A new law.",
            "due_on_day": later.day,
            "due_on_month": later.month,
            "due_on_year": later.year,
        },
        "text_confirm": {"check": "1"},
        "review_assign": {"reviewer": ""},
        "review": {"decision": "accepted", "reason": "Well done."},
        "second_review": {"decision": "accepted", "reason": "Seen."},
        "review_hold": {"action": "take_over"},
        "respond": {
            "answer": "accepted",
            "latest": scenario.world.policing[FORCES[owner]].responses.count(),
            "responded_on_day": scenario.world.inspection.published_on.day,
            "responded_on_month": scenario.world.inspection.published_on.month,
            "responded_on_year": scenario.world.inspection.published_on.year,
        },
        "review_correct": {"to": "returned", "reason": "A file was missing."},
        "reviews_together": {"claims": records.claim.pk},
        "due_date_request": {"outcome": "granted"},
        "bulk_change_due_dates": {
            "recommendation": NOT_STARTED,
            "group": "some",
            "bodies": records.officer.body.slug,
            "reason": "A new law.",
            "to_day": later.day,
            "to_month": later.month,
            "to_year": later.year,
        },
        "calendar_feed": {"action": "make"},
        "api_tokens": {"name": "Another token", "days": 30},
        "view_save": {"name": "Another view", "address": "/heatmap/"},
        "view_change": {"name": "Another name"},
        "downloads": {"kind": "briefing", "file_type": "pdf"},
        "email_preferences": {"weekly": "never", "at_once": "no"},
        "people_invite": {
            "action": "send",
            "rows": "Name,Email address,Role,Organisation\nJo,jo.new@example.org,Observer,",
        },
        "closures_report": {
            f"{kind}_{order}_seen": 0 for kind in Closure.Kind for order in ("order", "none")
        }
        | {"type_1_order_closed": 3},
        "outcome_add": _figure_fields(),
        "quote_add": {"figure": "overdue"},
        "outcome_correct": _figure_fields() | {"reason": "A slip."},
        "person": {"weekly": "never", "at_once": "no"},
        "week_hold": {"reason": "A wrong figure."},
        "job_start": {"job": "recommendations.tasks.housekeeping"},
        "import_batch": {"action": "discard"},
    }


def _figure_fields() -> dict[str, Any]:
    days = {
        f"{name}_{part}": number
        for name in ("period_start", "period_end")
        for part, number in (("day", 1), ("month", 3), ("year", 2020))
    }
    texts = {
        "indicator": "arrests",
        "scope": "United Kingdom",
        "unit": "arrests",
        "source": "Hansard",
    }
    return days | texts | {"value": "1,234", "qualifier": "exact"}


def _step_fields(due_on: date) -> dict[str, Any]:
    """The first row of a new step, or a change of one that has a row."""
    return {
        "title": "Train staff",
        "due_on_day": due_on.day,
        "due_on_month": due_on.month,
        "due_on_year": due_on.year,
        "reason": "The trainer is ill.",
        "seen": 1,
    }
