"""Every page is accessible, fits a narrow window and has no errors, for every role."""

from datetime import timedelta

import pytest
from django.urls import get_resolver

from forces.models import User
from recommendations import rules
from recommendations.actions.drafts import open_draft
from recommendations.actions.questions import ask_question
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
    SavedView,
    StoppedDeletion,
)
from tests.browser.conftest import OpenTab, Tab
from tests.world import World

NARROW_PX = 320
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
EVERY_ROLE = {
    "saved_views": "/views/",
    "email_preferences": "/digests/mine/",
    "your_data": "/your-data/",
    "view_save": "/views/save/?address=/heatmap/",
    "search": "/search/?q=kent+OR+training",
    "downloads": "/downloads/",
    "heatmap": "/heatmap/?compare=2020-01-01&sort=region",
    "recommendations": "/recommendations/",
    "recommendation": "/recommendations/2/",
    "latest_updates": "/recommendations/2/latest-updates/",
    "region": "/regions/south-east/",
    "rocu": "/rocus/eastern/",
    "forces": "/forces/",
    "force": "/forces/kent/",
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
}
ANALYST = {
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
    "bulk_change_due_dates": "/deadlines/move/?body=kent&recommendation=2",
    "due_date_request": "/deadlines/requests/{request}/",
    "withdraw": "/forces/kent/2/withdraw/",
    "due_date": "/forces/kent/2/due-date/",
    "digests": "/digests/",
    "audit": "/audit/",
    "digest_preview": "/digests/preview/{reader}/",
}
ADMINISTRATOR = {
    "jobs": "/jobs/",
    "stopped_deletion": "/jobs/deletion/",
    "people": "/people/",
    "person": "/people/{reader}/",
    "person_invite": "/people/invite/",
    "people_invite": "/people/invite/several/",
    "person_second_factor": "/people/{reader}/second-factor/",
    "person_data": "/people/{reader}/data/",
    "person_remove": "/people/{reader}/remove/",
    "week_hold": "/digests/hold/",
}
ONLY_ANALYSTS = {
    *("reviews", "review", "review_correct", "reviews_together", "all_questions"),
    *("imports", "import_batch", "deadlines", "bulk_change_due_dates", "due_date_request"),
    *("withdraw", "due_date"),
}
NOT_PAGES = {
    "view_open",  # redirects
    "former_latest_updates",  # redirects
    "file_of_page",  # a file
    "download_file",  # a file
    "api_token_revoke",  # a button
    "calendar_feed",  # a button
    "calendar_file",  # a file
    "security_txt",  # a file
    "panel",  # a part of the heatmap: in test_journeys
    "logout",  # a button
    "review_hold",  # a button
    "review_assign",  # a button
    "remind",  # a button
    "remind_body",  # a button
    "evidence_preview",  # a picture
    "update_sent",  # in test_journeys: it needs an update
    "evidence",  # a file
    "audit_check",  # a button
    "audit_download",  # a file
    "import_template_xlsx",  # a file
    "import_template_csv",  # a file
    "people_template_xlsx",  # a file
    "people_template_csv",  # a file
    "password_reset_confirm",  # in test_passwords: it needs an emailed token
    "invitation",  # in test_accounts: it needs an emailed secret
    "account_login",
    "account_logout",  # allauth's names for "login" and "logout"
    "session_extend",
    "session_left",  # for the script
    "person_invite_again",  # a button
    "openid_connect_login",
    "openid_connect_callback",  # redirect to the provider and back
    "mfa_login_webauthn",  # for the script
    "mfa_download_recovery_codes",  # always 404: the codes are only shown once
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),  # in test_accounts:
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),  # these
    *("mfa_edit_webauthn", "mfa_remove_webauthn"),  # need a second factor
    "digest",  # the same page as its preview
    "unsubscribe",  # needs a signed link: see `paths_of`
    "digest_html",
    "resend_digest",  # buttons
    "digest_test",
    "week_release",
    "resend_week",
    "job_start",
    "retry_parked",
    "digest_preview_html",
    "mailbox_message",
    "mailbox_message_html",
}


@pytest.fixture(autouse=True)
def _mailbox(settings, tmp_path) -> None:
    settings.MAILBOX_PATH = tmp_path / "mailbox"


def page_faults(tab: Tab, path: str) -> list[str]:
    """Open the page and return what is wrong with it, one sentence each."""
    response = tab.page.goto(tab.base_url + path)
    if response.status != 200:
        return [f"{path} responds {response.status}"]
    faults = []
    if report := tab.accessibility_faults():
        faults.append(f"{path}: {report}")
    if (headings := tab.page.locator("h1").count()) != 1:
        faults.append(f"{path}: {headings} headings of the first level")
    if not tab.page.title().endswith("County lines recommendations tracker"):
        faults.append(f"{path}: its title is {tab.page.title()!r}")
    if "Demonstration data" not in tab.page.inner_text("body"):
        faults.append(f"{path} does not say that it shows demonstration data")
    if overflow := tab.overflow_px(NARROW_PX):
        faults.append(f"{path} is {overflow} px too wide for a window of {NARROW_PX} px")
    return faults


@pytest.mark.parametrize("role", ["nobody", "officer", "analyst", "administrator", "observer"])
def test_every_page_is_accessible_and_reflows(role: str, world: World, open_tab: OpenTab):
    user, paths = paths_of(role, world)
    tab = open_tab(user)
    faults = [fault for path in paths for fault in page_faults(tab, path)]
    assert not faults, "\n".join(faults)


def paths_of(role: str, world: World) -> tuple[User | None, list[str]]:
    if role == "nobody":
        leave = unsubscribe.path_for(world.officer.pk, unsubscribe.WEEKLY)
        return None, [*PUBLIC.values(), leave]
    if role == "officer":
        kent = world.assignment("Kent", 2)
        open_draft(assignment=kent, by=world.officer, at=world.now)
        return world.officer, list({**EVERY_ROLE, **OFFICER}.values())
    if role == "observer":
        return world.observer, ["/", *EVERY_ROLE.values()]
    paths = {**EVERY_ROLE, **ANALYST}
    if role == "administrator":
        paths = {name: path for name, path in paths.items() if name not in ONLY_ANALYSTS}
        paths |= ADMINISTRATOR
        _create_failed_emails(world)
        _create_stopped_deletion(world)
    user = getattr(world, role)
    keys = {
        "claim": world.assignment("Essex", 1).latest_update_id,
        "accepted": world.assignment("Kent", 1).latest_update_id,
        "reader": world.officer.pk,
        "request": _create_open_request(world).pk,
        "batch": _create_batch(world).pk,
        "view": _create_view(world, user).pk,
        "download": _create_download(world, user).key,
    }
    return user, [path.format(**keys) for path in paths.values()]


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
    return request_download(kind="updates", file_type="csv", parameters={}, by=user, at=world.now)


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


def test_every_url_name_is_listed_here():
    names = {
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and not name.startswith("admin")
    }
    pages = {*PUBLIC, *EVERY_ROLE, *OFFICER, *ANALYST, *ADMINISTRATOR}
    assert names == pages | NOT_PAGES


@pytest.mark.parametrize("path", ["/nowhere/", "/forces/essex/1/", "/reviews/"])
def test_an_officer_without_permission_gets_page_not_found(
    path: str, world: World, open_tab: OpenTab
):
    tab = open_tab(world.officer)
    tab.open(path)
    assert tab.page.locator("h1").inner_text() == "Page not found"
    assert tab.accessibility_faults() == ""
