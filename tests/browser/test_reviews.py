"""The claim page: what is seen without scrolling, and reviewing by keyboard alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from forces.models import Role
from recommendations.models import Assignment, Review, Update
from tests.browser.conftest import OpenTab, Tab
from tests.browser.page_faults import MAIN_WIDTHS, page_faults
from tests.factories import (
    AssignmentFactory,
    ForceFactory,
    NationalBodyFactory,
    OfficerFactory,
    UserFactory,
    accept,
    claim,
    submit,
)
from tests.row_cache import create_once
from tests.world import World, make_world

LAPTOP = (1366, 768)
ACCOUNT = (
    "Every shared line has an owner, and tasking goes through the national arrangements. "
    "The points of the review have been answered, and the evidence is now complete."
)
BOTTOMS = """() => Object.fromEntries([
    ".app-asked", "[aria-labelledby=claim-heading]", "[aria-labelledby=evidence-heading]",
    "[aria-labelledby=before-heading]", "#decision-form [type=submit]",
].map((selector) => [
    selector, Math.round(document.querySelector(selector).getBoundingClientRect().bottom),
]))"""


def create_claims() -> World:
    """The world and thirty claims that wait; with the one of Essex there are 31.

    Their names have the same length in whatever order tests run, because heights are measured.
    """
    world = make_world()
    oldest = world.now - timedelta(days=60)
    for number in range(30):
        force = ForceFactory(short_name=f"North Shire {number}")
        officer = OfficerFactory(body=force, name=f"Jo Marchbanks {number}")
        assignment = AssignmentFactory(recommendation=world.recommendations[2], body=force)
        at = oldest + timedelta(hours=number)
        submit(assignment, by=officer, at=at - timedelta(days=20), account=ACCOUNT)
        submit(assignment, by=officer, at=at, status="implemented", account=ACCOUNT)
    return world


@pytest.fixture
def world(transactional_db: None) -> World:
    return create_once(create_claims)


@pytest.fixture
def claims(world: World) -> list[Update]:
    """The thirty claims, the oldest first."""
    claims = Update.objects.filter(status="implemented", account=ACCOUNT)
    return list(claims.order_by("submitted_at"))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_claim_is_read_and_decided_without_scrolling(
    world: World, claims: list[Update], open_tab: OpenTab, javascript: bool
):
    tab = open_tab(world.analyst, javascript=javascript)
    tab.resize(*LAPTOP)
    tab.open(f"/reviews/{claims[0].pk}/")
    bottoms = tab.page.evaluate(BOTTOMS)
    assert {name: px for name, px in bottoms.items() if px > LAPTOP[1]} == {}
    rows = tab.page.locator(".app-panes__list tbody tr").evaluate_all(
        "rows => rows.filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert rows >= 20
    # Return reveals its causes, with and without a script, and the button is still seen.
    cause = tab.page.get_by_label("There is no evidence")
    assert not cause.is_visible()
    tab.page.get_by_role("radio", name="Return").check()
    assert cause.is_visible()
    record = tab.page.get_by_role("button", name="Record decision")
    assert _bottom(tab.page, "#decision-form [type=submit]") <= LAPTOP[1]
    # The decision stays in view next to a long claim, and on a phone it follows the claim.
    tab.page.evaluate("scrollBy(0, 400)")
    assert _bottom(tab.page, ".app-decide legend") > 0
    tab.resize(375, 768)
    top = "selector => document.querySelector(selector).getBoundingClientRect().top"
    order = [tab.page.evaluate(top, name) for name in ("h1", ".app-asked", ".app-decide")]
    assert order == sorted(order)
    assert not tab.page.locator(".app-panes__list").is_visible()
    assert record.is_visible()


def _bottom(page: Page, selector: str) -> float:
    return (
        page.locator(selector).first.bounding_box()["y"]
        + (page.locator(selector).first.bounding_box()["height"])
    )


def test_the_queue_has_low_rows_and_the_pages_have_no_axe_violations(
    world: World, claims: list[Update], open_tab: OpenTab
):
    tab = open_tab(world.analyst)
    tab.resize(*LAPTOP)
    number = world.recommendations[2].number
    for path in (
        "/reviews/",
        f"/reviews/?recommendation={number}&late=1&sort=files",
        f"/reviews/{claims[0].pk}/",
        f"/reviews/together/{number}/",
    ):
        tab.open(path)
        if path == "/reviews/":
            heights = tab.page.locator("tbody tr").evaluate_all(
                "rows => rows.map(row => row.offsetHeight)"
            )
            assert max(heights) <= 29
            assert tab.page.locator("tbody tr").first.bounding_box()["y"] <= 270
        assert tab.accessibility_faults() == "", path
        assert tab.overflow_px(320) == 0, path


class Keyboard:
    """Counts the keys that are pressed and the pages that are opened."""

    def __init__(self, tab: Tab) -> None:
        self.page, self.keys, self.pages = tab.page, 0, 0
        tab.page.on("framenavigated", self._note_page)

    def _note_page(self, _frame: object) -> None:
        self.pages += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1


def test_ten_claims_in_a_row_take_four_keys_and_one_page_each(
    world: World, claims: list[Update], open_tab: OpenTab
):
    """After a decision the banner has the focus: Tab, Enter to the decision, Space, Enter."""
    tab = open_tab(world.analyst)
    tab.resize(*LAPTOP)
    tab.open(f"/reviews/{claims[0].pk}/")
    tab.page.locator(".app-tabs a").last.focus()  # before the first claim there is no banner
    while tab.page.evaluate("document.activeElement.textContent") != "Skip to the decision":
        tab.page.keyboard.press("Tab")
    keyboard = Keyboard(tab)
    keyboard.press("Enter", "Space", "Enter")
    for update in claims[1:10]:
        tab.page.wait_for_url(f"**/reviews/{update.pk}/")
        banner = tab.page.locator(".govuk-notification-banner--success")
        expect(banner).to_contain_text("Claim accepted: ")
        expect(banner).to_be_focused()
        keyboard.press("Tab", "Enter", "Space", "Enter")
    tab.page.wait_for_url(f"**/reviews/{claims[10].pk}/")
    assert set(Review.objects.values_list("update_id", flat=True)) >= {
        update.pk for update in claims[:10]
    }
    assert keyboard.keys == 39
    # Each claim is one page, and the jump to the decision on it counts as one more address.
    assert keyboard.pages <= 20


def test_a_claim_is_returned_with_the_keyboard(
    world: World, claims: list[Update], open_tab: OpenTab
):
    tab = open_tab(world.analyst)
    tab.open(f"/reviews/{claims[0].pk}/#id_decision")
    tab.page.get_by_role("radio", name="Accept").focus()
    for key in ("ArrowDown", "Tab", "Space"):  # Return, its first cause
        tab.page.keyboard.press(key)
    tab.page.get_by_label("Comment").focus()
    tab.page.keyboard.type("Send the minutes of the board.")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(f"**/reviews/{claims[1].pk}/")
    review = Review.objects.get(update=claims[0])
    assert (review.decision, review.causes) == ("returned", ["no_evidence"])


def test_the_pages_of_a_second_reviewer_are_accessible_and_fit(world: World, open_tab: OpenTab):
    body = world.lead
    body.reviews_claims = True
    body.save()
    own = Assignment.objects.get(body=body, recommendation__number=1)
    accepted = accept(claim(own, at=world.now, by=world.lead_officer), at=world.now)
    reviewer = UserFactory(role=Role.SECOND_REVIEWER, body=NationalBodyFactory())
    tab = open_tab(reviewer)
    paths = ["/second-reviews/", f"/second-reviews/{accepted.update_id}/", own.get_absolute_url()]
    faults = [fault for path in paths for fault in page_faults(tab, path, MAIN_WIDTHS)]
    assert not faults, "\n".join(faults)
