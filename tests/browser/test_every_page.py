"""Every page, for everybody who may open it: accessible, narrow enough, and without a fault."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver

from forces.models import User
from recommendations import rules
from recommendations.actions.drafts import open_draft
from recommendations.actions.questions import ask_question
from recommendations.actions.request_download import ask_for_download
from recommendations.actions.request_extension import ask_for_more_time
from recommendations.actions.saved_views import save_view
from recommendations.emails import unsubscribe
from recommendations.emails.digests.ledger import make_digests
from recommendations.emails.digests.week import Week
from recommendations.imports import batches, template
from recommendations.models import (
    Download,
    DueDateRequest,
    ImportBatch,
    MailChoice,
    OutboxMail,
    SavedView,
)
from tests.browser.conftest import OpenTab, Tab
from tests.world import World, make_world

OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
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
EVERYBODY = {
    "saved_views": "/views/",
    "my_digests": "/digests/mine/",
    "your_data": "/your-data/",
    "view_save": "/views/save/?address=/heatmap/",
    "search": "/search/?q=kent+OR+training",
    "downloads": "/downloads/",
    "heatmap": "/heatmap/?compare=2020-01-01&sort=region",
    "recommendations": "/recommendations/",
    "recommendation": "/recommendations/2/",
    "accounts": "/recommendations/2/accounts/",
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
    "more_time": "/forces/kent/2/more-time/",
    "questions": "/forces/kent/2/questions/",
}
ANALYST = {
    "view_change": "/views/{view}/change/",
    "view_delete": "/views/{view}/delete/",
    "made_download": "/downloads/made/{download}/",
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
    "deadlines_move": "/deadlines/move/?body=kent&recommendation=2",
    "due_date_request": "/deadlines/requests/{request}/",
    "withdraw": "/forces/kent/2/withdraw/",
    "digests": "/digests/",
    "audit": "/audit/",
    "digest_preview": "/digests/preview/{reader}/",
}
ADMINISTRATOR = {
    "jobs": "/jobs/",
    "people": "/people/",
    "person": "/people/{reader}/",
    "person_invite": "/people/invite/",
    "person_factors": "/people/{reader}/second-factor/",
    "person_data": "/people/{reader}/data/",
    "person_remove": "/people/{reader}/remove/",
    "week_hold": "/digests/hold/",
}
ONLY_ANALYSTS = {
    *("reviews", "review", "review_correct", "reviews_together", "all_questions"),
    *("imports", "import_batch", "deadlines", "deadlines_move", "due_date_request", "withdraw"),
}
NOT_PAGES = {
    "view_open",  # leads on
    "file_of_page",  # a file
    "made_file",  # a file
    "api_token_revoke",  # a button
    "calendar_feed",  # a button
    "calendar_file",  # a file
    "security_txt",  # a file
    "panel",  # beside the heatmap: in the journeys
    "logout",  # a button
    "review_hold",  # a button
    "evidence",  # a file
    "audit_check",  # a button
    "audit_download",  # a file
    "import_template_xlsx",  # a file
    "import_template_csv",  # a file
    "password_reset_confirm",  # in test_passwords: it needs a mailed token
    "invitation",  # in test_accounts: it needs a mailed secret
    "account_login",
    "account_logout",  # allauth's names of "login" and "logout"
    "session_extend",
    "session_left",  # for the script
    "person_invite_again",  # a button
    "openid_connect_login",
    "openid_connect_callback",  # lead to the provider and back
    "mfa_login_webauthn",  # for the script
    "mfa_download_recovery_codes",  # never: the codes are shown once
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),  # in test_accounts,
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),  # as they
    *("mfa_edit_webauthn", "mfa_remove_webauthn"),  # need a second factor
    "digest",  # the same page as its preview; in the digests' own tests
    "digests_leave",  # for nobody: a signed address
    "digest_html",
    "digest_again",  # buttons
    "digest_test",
    "week_release",
    "week_again",
    "job_start",
    "parked_again",
    "digest_preview_html",
    "mailbox_message",
    "mailbox_message_html",
}


@pytest.fixture
def world(transactional_db, settings, tmp_path) -> World:
    settings.MAILBOX_PATH = tmp_path / "mailbox"
    return make_world()


def check(tab: Tab, path: str) -> list[str]:
    """What is wrong with one page, in sentences."""
    faults = []
    answer = tab.page.goto(tab.base + path)
    if answer.status != 200:
        return [f"{path} answers {answer.status}"]
    results = Axe().run(tab.page, options=OPTIONS)
    if results.violations_count:
        faults.append(f"{path}: {results.generate_report()}")
    if tab.page.locator("h1").count() != 1:
        faults.append(f"{path}: {tab.page.locator('h1').count()} headings of the first level")
    if not tab.page.title().endswith("County lines recommendations tracker"):
        faults.append(f"{path}: its title is {tab.page.title()!r}")
    if "Demonstration data" not in tab.page.inner_text("body"):
        faults.append(f"{path} does not say that its data are made up")
    return faults


def overflow(tab: Tab, path: str) -> list[str]:
    """Whether a page must be scrolled sideways."""
    tab.open(path)
    width = tab.page.evaluate("document.documentElement.scrollWidth")
    wide = tab.page.viewport_size["width"]
    return [f"{path} is {width} px wide at {wide}"] if width > wide else []


@pytest.mark.parametrize("role", ["nobody", "officer", "analyst", "administrator", "observer"])
def test_every_page_is_accessible_and_reflows(role: str, world: World, open_tab: OpenTab):
    user, paths = _paths(role, world)
    wide, narrow = open_tab(user), open_tab(user, width=320)
    faults = [fault for path in paths for fault in check(wide, path) + overflow(narrow, path)]
    assert not faults, "\n".join(faults)


def _paths(role: str, world: World) -> tuple[User | None, list[str]]:
    if role == "nobody":
        leave = unsubscribe.path_for(world.officer.pk, unsubscribe.WEEKLY)
        return None, [*PUBLIC.values(), leave]
    if role == "officer":
        kent = world.assignment("Kent", 2)
        open_draft(assignment=kent, by=world.officer, at=world.now)
        return world.officer, list({**EVERYBODY, **OFFICER}.values())
    if role == "observer":
        return world.observer, ["/", *EVERYBODY.values()]
    paths = {**EVERYBODY, **ANALYST}
    if role == "administrator":
        paths = {name: path for name, path in paths.items() if name not in ONLY_ANALYSTS}
        paths |= ADMINISTRATOR
        _bouncing(world)
    keys = {
        "claim": world.assignment("Essex", 1).latest_update_id,
        "accepted": world.assignment("Kent", 1).latest_update_id,
        "reader": world.officer.pk,
        "request": _asked(world).pk,
        "batch": _batch(world).pk,
        "view": _view(world, getattr(world, role)).pk,
        "download": _download(world, getattr(world, role)).key,
    }
    filled = [path.format(**keys) for path in paths.values()]
    return getattr(world, role), filled


def _bouncing(world: World) -> None:
    """An officer whose address bounces, a week with something refused, and something parked."""
    MailChoice.objects.create(
        reader=world.officer,
        refusals=3,
        refused_address=world.officer.email,
        bouncing_since=world.now,
        last_refusal="550 unknown",
    )
    make_digests(week=Week.of(rules.london_day(world.now)), at=world.now)
    OutboxMail.objects.filter(reader=world.analyst).update(state="refused", last_error="550 no")
    OutboxMail.objects.filter(reader=world.observer).update(state="parked", last_error="Crashed")


def _batch(world: World) -> ImportBatch:
    """A file with an error and something new."""
    content = "".join(template.as_csv(world.inspection)).encode()
    content += b"Atlantis,1,,,,,,,,\n"
    batch = batches.take_in(content=content, name="updates.csv", by=world.analyst, at=world.now)
    batches.check(batch.pk, at=world.now)
    return batch


def _view(world: World, person: User) -> SavedView:
    return save_view(
        name="Overdue",
        address="/heatmap/?flag=overdue",
        is_pinned=True,
        is_shared=True,
        by=person,
        at=world.now,
    )


def _download(world: World, person: User) -> Download:
    return ask_for_download(kind="updates", file_type="csv", parameters={}, by=person, at=world.now)


def _asked(world: World) -> DueDateRequest:
    """A request for more time and a question, both open."""
    assignment = world.assignment("Kent", 2)
    ask_question(assignment=assignment, text="How far?", by=world.analyst, at=world.now)
    to = rules.london_day(world.now) + timedelta(days=50)
    return ask_for_more_time(
        assignment=assignment, to=to, reason="Training.", by=world.officer, at=world.now
    )


def test_no_address_is_left_out_here():
    named = {
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and not name.startswith("admin")
    }
    pages = {*PUBLIC, *EVERYBODY, *OFFICER, *ANALYST, *ADMINISTRATOR}
    assert named == pages | NOT_PAGES


@pytest.mark.parametrize("path", ["/nowhere/", "/forces/essex/1/", "/reviews/"])
def test_what_an_officer_may_not_see_is_not_there(path: str, world: World, open_tab: OpenTab):
    tab = open_tab(world.officer)
    tab.open(path)
    assert tab.page.locator("h1").inner_text() == "Page not found"
    assert Axe().run(tab.page, options=OPTIONS).violations_count == 0
