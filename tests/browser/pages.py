"""The pages that the browser tests open as each role, and the data that they need."""

from dataclasses import dataclass
from datetime import timedelta

from forces.models import User
from recommendations import rules
from recommendations.actions.drafts import open_draft
from recommendations.actions.questions import ask_question
from recommendations.actions.quote_figure import quote_figure
from recommendations.actions.request_download import request_download
from recommendations.actions.request_extension import request_extension
from recommendations.actions.saved_views import save_view
from recommendations.emails import unsubscribe
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.imports import batches, template
from recommendations.models import (
    Download,
    DueDateRequest,
    EmailPreference,
    ImportBatch,
    OutboxEmail,
    Quote,
    SavedView,
    StoppedDeletion,
)
from tests.factories import add_joint_action
from tests.world import World

ROLES = ("nobody", "officer", "analyst", "administrator", "observer")
PUBLIC = {
    "login": "/accounts/sign-in/",
    "password_reset": "/accounts/reset/",
    "password_reset_done": "/accounts/reset/sent/",
    "password_reset_complete": "/accounts/reset/done/",
    "accessibility": "/accessibility/",
    "cookies": "/cookies/",
    "privacy": "/privacy/",
    "help": "/help/",
    "security": "/security/",
    "mailbox": "/dev/mailbox/",
}
EVERY_ROLE = {  # with content, or links, that depend on the role
    "saved_views": "/views/",
    "email_preferences": "/digests/mine/",
    "search": "/search/?q=kent+OR+training",
    "downloads": "/downloads/",
    "heatmap": "/heatmap/?compare=2020-01-01&sort=region",
    "recommendations": "/recommendations/",
    "recommendation": "/recommendations/2/",
    "latest_updates": "/recommendations/2/latest-updates/",
    "region": "/regions/south-east/",
    "rocu": "/rocus/eastern/?as_at=2026-11-01",
    "forces": "/forces/",
    "responses": "/responses/",
    "outcomes": "/outcomes/",
    "quotes": "/quotes/?recommendation=2",
    "closures": "/closures/",
    "joint_actions": "/joint-actions/",
    "waiting": "/waiting/",
    "fragmentation": "/fragmentation/",
    "responses_of": "/responses/kent-pcc/",
    "force": "/forces/kent/",
}
ACCOUNT = {  # the same for every role
    "your_data": "/your-data/",
    "view_save": "/views/save/?address=/heatmap/",
    "api": "/api/",
    "api_tokens": "/api/tokens/",
    "mfa_index": "/accounts/second-factor/",
    "mfa_activate_totp": "/accounts/second-factor/totp/activate/",
    "mfa_list_webauthn": "/accounts/second-factor/webauthn/",
    "mfa_add_webauthn": "/accounts/second-factor/webauthn/add/",
    "account_reauthenticate": "/accounts/password-again/?next=/heatmap/",
    "sessions": "/accounts/sessions/",
    "password_change": "/accounts/password/",
    "password_change_done": "/accounts/password/done/",
}
OFFICER = {
    "closures_of": "/closures/kent/",
    "closures_report": "/closures/kent/{month}/",
    "force": "/forces/kent/",  # with what the officer has to do
    "changes": "/changes/?by=body",
    "assignment": "/forces/kent/2/",
    "update": "/forces/kent/2/update/",
    "update_step": "/forces/kent/2/update/progress/",
    "update_check": "/forces/kent/2/update/check/",
    "update_discard": "/forces/kent/2/update/discard/",
    "update_evidence": "/forces/kent/2/update/evidence/",
    "update_correct": "/forces/kent/2/update/correct/",
    "no_change": "/forces/kent/2/no-change/",
    "extension": "/forces/kent/2/more-time/",
    "questions": "/forces/kent/2/questions/",
    "joint_action_create": "/forces/kent/2/joint-action/",
    "joint_action": "/joint-actions/{joint_action}/",
    "body_requests": "/forces/kent/2/requests/",
}
ANALYST = {
    "respond": "/responses/essex-pfcc/report/",
    "quote": "/quotes/{quote}/",
    "view_change": "/views/{view}/change/",
    "view_delete": "/views/{view}/delete/",
    "download_page": "/downloads/made/{download}/",
    "trends": "/trends/",
    "changes": "/changes/?since=2020-01-01",
    "overview": "/",
    "assignment": "/forces/kent/2/",
    "reviews": "/reviews/",
    "review": "/reviews/{claim}/",
    "review_correct": "/reviews/{accepted}/correct/",
    "reviews_together": "/reviews/together/1/",
    "all_questions": "/questions/",
    "questions": "/forces/kent/2/questions/",
    "imports": "/import/",
    "import_batch": "/import/{batch}/",
    "deadlines": "/deadlines/",
    "recommendation_text": "/recommendations/2/text/",
    "bulk_change_due_dates": "/deadlines/move/?body=kent&recommendation=2",
    "due_date_request": "/deadlines/requests/{request}/",
    "withdraw": "/forces/kent/2/withdraw/",
    "due_date": "/forces/kent/2/due-date/",
    "digests": "/digests/",
    "audit": "/audit/",
    "digest_preview": "/digests/preview/{reader}/",
}
ADMINISTRATOR = {
    "approval_setting": "/forces/kent/approval/",
    "body_names": "/forces/kent/names/",
    "body_end": "/forces/kent/end/",
    "body_name_correct": "/forces/kent/names/0/",
    "outcome_add": "/outcomes/add/",
    "outcome_correct": "/outcomes/{figure}/correct/",
    "outcome_file": "/outcomes/file/",
    "inspections": "/inspections/",
    "jobs": "/jobs/",
    "stopped_deletion": "/jobs/deletion/",
    "people": "/people/",
    "person": "/people/{reader}/",
    "person_invite": "/people/invite/",
    "people_invite": "/people/invite/several/",
    "person_second_factor": "/people/{reader}/second-factor/",
    "person_memberships": "/people/{reader}/organisations/",
    "person_data": "/people/{reader}/data/",
    "person_remove": "/people/{reader}/remove/",
    "week_hold": "/digests/hold/",
}
AGAIN_AS_ADMINISTRATOR = {  # pages of analysts with other content for administrators
    "overview": "/",
    "assignment": "/forces/kent/2/",
    "force": "/forces/kent/",
    "digests": "/digests/",
    "audit": "/audit/",
    "digest_preview": "/digests/preview/{reader}/",
}


@dataclass(frozen=True)
class RolePages:
    """`paths` are checked fully; of `seen`, only what the role changes: errors and the least width.

    Those are checked fully as another role.
    """

    user: User | None
    paths: list[str]
    seen: list[str]


def pages_of(role: str, world: World) -> RolePages:
    """Create what the role's pages show, and return their paths."""
    if role == "nobody":
        leave = unsubscribe.path_for(world.officer.pk, unsubscribe.WEEKLY)
        return RolePages(None, [*PUBLIC.values(), leave], [])
    user = getattr(world, role)
    seen = list(EVERY_ROLE.values())
    if role == "observer":  # who sees the other pages as an analyst does, with less in them
        return RolePages(user, ["/"], [])
    if role == "officer":
        kent = world.assignment("Kent", 2)
        open_draft(assignment=kent, by=world.officer, at=world.now)
        keys = {
            "month": f"{rules.london_day(world.now):%Y-%m}",
            "joint_action": add_joint_action(
                world.assignment("Kent", 3), world.lead, at=world.now, by=world.officer
            ).pk,
        }
        paths = [path.format(**keys) for path in {**OFFICER, **ACCOUNT}.values()]
        return RolePages(user, paths, [path for path in seen if path not in paths])
    paths = {**EVERY_ROLE, **ANALYST}
    if role == "administrator":
        paths = {**AGAIN_AS_ADMINISTRATOR, **ADMINISTRATOR}
        _create_failed_emails(world)
        _create_stopped_deletion(world)
    keys = {
        "claim": world.assignment("Essex", 1).latest_update_id,
        "accepted": world.assignment("Kent", 1).latest_update_id,
        "reader": world.officer.pk,
        "request": _create_open_request(world).pk,
        "batch": _create_batch(world).pk,
        "view": _create_view(world, user).pk,
        "download": _create_download(world, user).key,
        "figure": world.inspection.outcomes.earliest("pk").pk,
        "quote": _create_quote(world, user).reference,
    }
    return RolePages(user, [path.format(**keys) for path in paths.values()], [])


def _create_quote(world: World, user: User) -> Quote:
    return quote_figure(
        figure="overdue",
        inspection=world.inspection,
        recommendation=world.recommendations[1],
        by=user,
        at=world.now,
    )


def _create_failed_emails(world: World) -> None:
    """Create an officer whose emails bounce, a rejected email and a stopped one."""
    EmailPreference.objects.create(
        reader=world.officer,
        rejections=3,
        rejected_address=world.officer.email,
        bouncing_since=world.now,
        last_rejection="550 unknown",
    )
    create_digests(week=Week.of(rules.london_day(world.now)), at=world.now)
    OutboxEmail.objects.filter(reader=world.analyst).update(state="refused", last_error="550 no")
    OutboxEmail.objects.filter(reader=world.observer).update(state="parked", last_error="Crashed")


def _create_stopped_deletion(world: World) -> None:
    items = [{"what": "Evidence files that belong to no draft", "count": 334, "total": 334}]
    StoppedDeletion.objects.create(pk=1, stopped_at=world.now, checked_at=world.now, items=items)


def _create_batch(world: World) -> ImportBatch:
    """Create an import of a file with an error and a new update."""
    content = "".join(template.as_csv(world.inspection)).encode()
    content += b"Atlantis,1,,,,,,,,\n"
    batch = batches.create_batch(
        content=content, name="updates.csv", by=world.analyst, at=world.now
    )
    batches.check(batch.pk, at=world.now)
    return batch


def _create_view(world: World, user: User) -> SavedView:
    return save_view(
        name="Overdue",
        address="/heatmap/?flag=overdue",
        is_pinned=True,
        is_shared=True,
        by=user,
        at=world.now,
    )


def _create_download(world: World, user: User) -> Download:
    return request_download(kind="months", file_type="csv", parameters={}, by=user, at=world.now)


def _create_open_request(world: World) -> DueDateRequest:
    """Create a request for more time and a question, both open."""
    assignment = world.assignment("Kent", 2)
    ask_question(
        assignment=assignment, text="When will it be done?", by=world.analyst, at=world.now
    )
    to = rules.london_day(world.now) + timedelta(days=50)
    return request_extension(
        assignment=assignment, to=to, reason="Training.", by=world.officer, at=world.now
    )
