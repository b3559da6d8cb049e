"""The main journeys in a browser: a claim, its review, and the figures that change."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from recommendations import rules
from recommendations.actions.drafts import open_draft
from recommendations.dashboards import snapshots
from recommendations.models import Draft, Update
from tests.browser.conftest import OpenTab, Tab
from tests.factories import PASSWORD, accept, submit
from tests.recommendations.emails.examples import body_digest, rows_of
from tests.world import World

ACCOUNT = "All patrols use the shared picture; the “weekly” check by sergeants is in place."


def sign_in(tab: Tab, email: str, path: str = "/") -> None:
    tab.open(path)
    tab.fill_in("Email address", email)
    tab.page.locator("input[type=password]").fill(PASSWORD)
    tab.press("Sign in")


def submit_claim(tab: Tab) -> None:
    """Go from the force's page to the message that the claim was submitted."""
    tab.page.locator("main table a[href='/forces/kent/2/']").click()
    tab.page.get_by_role("main").get_by_role("button", name="update").click()
    tab.page.get_by_role("main").get_by_role("button").first.click()
    tab.page.get_by_label("Implemented").check()
    tab.press("Save and continue")
    tab.fill_in("progress", ACCOUNT)
    tab.press("Save and continue")
    tab.page.get_by_label("Upload files").set_input_files(
        [{"name": "check.txt", "mimeType": "text/plain", "buffer": b"Checked by sergeants."}]
    )
    tab.page.get_by_role("button", name="Continue").click()
    tab.fill_in("approving this update", "Superintendent Jo Hale")
    tab.press("Save and continue")
    expect(tab.page.get_by_role("main")).to_contain_text(ACCOUNT)
    expect(tab.page.get_by_role("main")).to_contain_text("check.txt")
    tab.press("Submit")
    expect(tab.page.locator("h1")).to_contain_text("Claim submitted")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_claim_is_submitted_reviewed_and_counted(
    world: World, open_tab: OpenTab, javascript: bool
):
    officer = open_tab(javascript=javascript)
    sign_in(officer, world.officer.email)
    expect(officer.page.locator("h1")).to_contain_text("Kent")
    submit_claim(officer)
    claim = Update.objects.get(account=ACCOUNT)
    assert claim.is_claim

    analyst = open_tab(javascript=javascript)
    sign_in(analyst, world.analyst.email, "/reviews/")
    watching = open_tab(world.analyst, javascript=javascript)
    watching.open("/heatmap/")
    cell = watching.page.locator("a[href='/forces/kent/2/']")
    expect(cell).to_contain_text("EV")

    analyst.page.locator(f"a[href='/reviews/{claim.pk}/']").click()
    expect(analyst.page.get_by_role("main")).to_contain_text(ACCOUNT)
    analyst.page.get_by_label("Accept").check()
    analyst.press("Record decision")
    expect(analyst.page.get_by_role("main")).to_contain_text("accepted")

    if not javascript:
        watching.page.reload()
    expect(cell).to_contain_text("IM", timeout=5_000)
    watching.open("/")
    expect(watching.page.get_by_role("main")).to_contain_text("2 of 12")


@pytest.mark.parametrize("javascript", [True, False])
def test_no_change_from_the_email_takes_one_page_and_two_clicks(
    world: World, open_tab: OpenTab, javascript: bool
):
    today = rules.london_day(world.now)
    forecast = today + timedelta(days=9)
    overdue = world.assignment("Kent", 2)
    submit(overdue, at=world.now, by=world.officer, confidence="amber", forecast_on=forecast)
    [link] = [
        row.action.path
        for row in rows_of(body_digest(world), "Act now")
        if row.links[0].path == "/forces/kent/2/"
    ]
    tab = open_tab(world.officer, javascript=javascript)
    pages: list[str] = []
    tab.page.on("framenavigated", lambda frame: pages.append(frame.url))
    tab.open(link)  # the first click, in the email
    tab.press("Confirm no change")  # the second one
    expect(tab.page.locator("h1")).to_contain_text("No change confirmed")
    assert len(pages) == 2  # the page with the button, and the confirmation
    assert overdue.updates.last().kind == Update.Kind.NO_CHANGE
    expect(tab.page.get_by_role("main")).to_contain_text("Next item due")
    if javascript:
        assert tab.accessibility_faults() == ""
        for path in ("no-change/", "update/", "update/all/", "update/evidence/", "update/outlook/"):
            tab.open(f"/forces/kent/2/{path}")
            if path == "update/":
                tab.press("Start now")
                tab.open(f"/forces/kent/2/{path}")
            assert tab.accessibility_faults() == "", path
            assert tab.overflow_px(320) == 0, path


def test_a_draft_is_saved_while_typing(world: World, open_tab: OpenTab):
    open_draft(assignment=world.assignment("Kent", 2), by=world.officer, at=world.now)
    tab = open_tab(world.officer)
    tab.open("/forces/kent/2/update/progress/")
    with tab.page.expect_response(lambda response: "x-autosave" in response.request.headers):
        tab.fill_in("progress", ACCOUNT)
    expect(tab.page.locator("[data-autosave-words]")).to_contain_text("Draft saved by you")
    assert Draft.objects.get().account == ACCOUNT
    tab.fill_in("progress", f"{ACCOUNT} More.")
    tab.press("Save and continue")  # an automatic save may be under way: no conflict
    expect(tab.page.locator("h1")).to_contain_text("Forecast")
    assert Draft.objects.get().account == f"{ACCOUNT} More."


def test_the_national_figure_changes_automatically(world: World, open_tab: OpenTab):
    tab = open_tab(world.analyst)
    tab.open("/")
    expect(tab.page.get_by_role("main")).to_contain_text("1 of 12")
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    expect(tab.page.get_by_role("main")).to_contain_text("2 of 12", timeout=5_000)


def test_a_heatmap_filter_keeps_focus_and_changes_the_url(world: World, open_tab: OpenTab):
    tab = open_tab(world.analyst)
    tab.open("/heatmap/")
    tab.page.get_by_label("Flag").focus()
    tab.page.get_by_label("Flag").select_option("at_risk")
    tab.page.wait_for_url("**flag=at_risk**")
    expect(tab.page.get_by_role("table").first).not_to_contain_text("Essex", timeout=5_000)
    assert tab.page.evaluate("document.activeElement.name") == "flag"
    tab.page.go_back()
    expect(tab.page.get_by_role("table").first).to_contain_text("Essex")


def test_the_skip_link_moves_the_focus_to_the_content(world: World, open_tab: OpenTab):
    tab = open_tab(world.officer)
    tab.open("/heatmap/")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.textContent.trim()").startswith("Skip to")
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_scripts_of_a_cached_page_still_run(world: World, open_tab: OpenTab):
    """The response is 304, and the nonces of the cached page match its cached policy."""
    snapshots.render_dashboards(inspection=world.inspection, at=world.now)
    tab = open_tab(world.analyst)
    for is_sent in (True, True, False):  # the first response sets the CSRF cookie
        tab.open("/heatmap/")
        timing = tab.page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
        assert (timing["transferSize"] > timing["encodedBodySize"]) == is_sent, timing
        assert tab.page.evaluate("document.body.classList.contains('js-enabled')")
        expect(tab.page.get_by_text("Ana Lyst")).to_be_visible()


def test_text_of_a_lost_connection_is_offered_until_it_is_saved_or_the_person_signs_out(
    world: World, open_tab: OpenTab
):
    tab = open_tab(world.officer)
    tab.open("/forces/kent/3/questions/")
    box = tab.page.locator("main textarea").first
    box.fill(ACCOUNT)
    tab.page.wait_for_function("() => Object.keys(localStorage).length === 1")
    tab.open("/forces/kent/")  # as after a crash: the form was never submitted
    tab.open("/forces/kent/3/questions/")
    expect(tab.page.get_by_text("that was not saved")).to_be_visible()
    assert tab.accessibility_faults() == ""
    tab.press("Put it back")
    assert box.input_value() == ACCOUNT
    tab.page.locator("main form:has(textarea) button[type=submit]").last.click()
    tab.page.wait_for_function("() => Object.keys(localStorage).length === 0")
    tab.open("/forces/kent/3/questions/")
    tab.page.locator("main textarea").first.fill(ACCOUNT)
    tab.page.wait_for_function("() => Object.keys(localStorage).length === 1")
    tab.sign_out()
    tab.page.wait_for_function("() => Object.keys(localStorage).length === 0")
