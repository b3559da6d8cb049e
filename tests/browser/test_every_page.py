"""Every page is accessible, has a low header, fits every window and has no errors."""

import pytest
from django.urls import get_resolver

from tests.browser.conftest import OpenTab
from tests.browser.page_faults import HEADER_PX, MAIN_WIDTHS, NARROW_PX, page_faults
from tests.browser.pages import (
    ACCOUNT,
    ADMINISTRATOR,
    ANALYST,
    EVERY_ROLE,
    OFFICER,
    PUBLIC,
    ROLES,
    pages_of,
)
from tests.world import World

NOT_PAGES = {
    "view_open",  # redirects
    "former_latest_updates",  # redirects
    *("file_of_page", "csv_metadata", "briefing_page"),  # files
    "download_file",  # a file
    "api_token_revoke",  # a button
    "joint_action_extend",  # of the same parts as the page that creates a joint action
    "waiting_of",  # of the same parts as the page of all organisations
    "body_request",  # of the same parts as the page of a request for more time
    *("steps", "step"),  # in test_steps
    "approval",  # in test_approvals: it needs a chief officer
    "approval_take_back",  # a button
    *("second_reviews", "second_review"),  # in test_reviews: they need a second reviewer
    "calendar_feed",  # a button
    "calendar_file",  # a file
    "security_txt",  # a file
    "panel",  # a part of the heatmap: in test_journeys
    "logout",  # a button
    "quote_add",  # a button
    "review_hold",  # a button
    "text_confirm",  # a button
    "review_assign",  # a button
    "remind",  # a button
    "remind_body",  # a button
    "evidence_preview",  # a picture
    "update_sent",  # in test_journeys: it needs an update
    "evidence",  # a file
    "audit_check",  # a button
    "audit_download",  # a file
    "import_template_xlsx",  # a file
    "import_template_ods",  # a file
    "import_template_csv",  # a file
    "people_template_xlsx",  # a file
    "people_template_ods",  # a file
    "people_template_csv",  # a file
    "password_reset_confirm",  # in test_passwords: it needs an emailed token
    "invitation",  # in test_accounts: it needs an emailed secret
    "account_login",
    "account_logout",  # allauth's names for "login" and "logout"
    "session_extend",
    "session_left",  # for the script
    "act_for",  # a button
    "person_invite_again",  # a button
    "openid_connect_login",
    "openid_connect_callback",  # redirect to the provider and back
    "mfa_login_webauthn",  # for the script
    "mfa_download_recovery_codes",  # always 404: the codes are only shown once
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),  # in test_accounts:
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),  # these
    *("mfa_edit_webauthn", "mfa_remove_webauthn"),  # need a second factor
    "digest",  # the same page as its preview
    "unsubscribe",  # needs a signed link: see `pages_of`
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

MEASURED_AT_EVERY_WIDTH = {*EVERY_ROLE.values(), ANALYST["overview"], ANALYST["changes"]}


@pytest.fixture(autouse=True)
def _mailbox(settings, tmp_path) -> None:
    settings.MAILBOX_PATH = tmp_path / "mailbox"


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_and_fits_every_window(role: str, world: World, open_tab: OpenTab):
    pages = pages_of(role, world)
    tab = open_tab(pages.user)
    faults = []
    for path in pages.paths:
        is_first = path == pages.paths[0]
        widths = HEADER_PX if is_first or path in MEASURED_AT_EVERY_WIDTH else MAIN_WIDTHS
        faults += page_faults(tab, path, widths)
    for path in pages.seen:
        faults += page_faults(tab, path, [NARROW_PX], axe=False)
    assert not faults, "\n".join(faults)


def test_every_url_name_is_listed_here():
    names = {
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and not name.startswith("admin")
    }
    pages = {*PUBLIC, *EVERY_ROLE, *ACCOUNT, *OFFICER, *ANALYST, *ADMINISTRATOR}
    assert names == pages | NOT_PAGES


def test_an_officer_without_permission_gets_page_not_found(world: World, open_tab: OpenTab):
    tab = open_tab(world.officer)
    for path in ("/nowhere/", "/forces/essex/1/", "/reviews/"):
        tab.open(path)
        assert tab.page.locator("h1").inner_text() == "Page not found", path
    assert tab.accessibility_faults() == ""
