"""A past day, the filters and the order survive the links of every page."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from django.urls import Resolver404, URLPattern, resolve, reverse
from django.utils.text import slugify
from lxml.html import HtmlElement

from countylines.navigation import SECTIONS
from recommendations import rules
from recommendations.page_urls import names_with_past_day
from recommendations.urls import urlpatterns
from tests.factories import add_joint_action

PATTERNS = {item.name: item.pattern for item in urlpatterns if isinstance(item, URLPattern)}
FRAGMENTS = {"panel"}  # without JavaScript, they redirect


def addresses(world) -> dict[str, str]:
    """The address of every page that shows past days, by the name of its URL."""
    groups = {"region": world.forces["Kent"].region, "rocu": world.forces["Kent"].rocu}
    kent, weeks_ago = world.assignment("Kent", 3), world.now - timedelta(weeks=2)
    action = add_joint_action(kent, world.lead, at=weeks_ago, by=world.officer)
    found = {}
    for name in names_with_past_day() - FRAGMENTS:
        pattern = PATTERNS[name]
        slug = slugify(groups[name].name) if name in groups else "kent"
        slug = "kent-pcc" if name == "responses_of" else slug
        arguments = {"slug": slug, "reference": 2, "action_id": action.pk}
        found[name] = reverse(name, kwargs={key: arguments[key] for key in pattern.converters})
    return found


def links(page: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The links of a page to others, without those of its header that lead to the start."""
    for link in page.xpath("//main//a[@href] | //nav//a[@href]"):
        if not link.get("href").startswith("#"):
            yield link, link.get("href")


def name_of(href: str, path: str) -> str | None:
    try:
        return resolve(urlsplit(href).path or path).url_name
    except Resolver404:
        return None


def keeps(href: str, values: dict[str, str]) -> bool:
    return parse_qs(urlsplit(href).query) == parse_qs(urlsplit(href).query) | {
        name: [value] for name, value in values.items()
    }


def test_links_between_pages_keep_the_past_day(analyst_client, world):
    day = (rules.london_day(world.now) - timedelta(days=1)).isoformat()
    pages = addresses(world)
    assert {"overview", "heatmap", "trends", "forces", "force", "assignment"} <= set(pages)
    lost = []
    for path in pages.values():
        response = analyst_client.get(path, {"as_at": day})
        page = lxml.html.fromstring(response.content)
        to_today = page.get_element_by_id("back-to-today")
        assert to_today.get("href") == path
        for link, href in links(page):
            is_to_today = link is to_today or link.text_content().startswith("Today")
            is_past = name_of(href, path) in pages or href.startswith("/downloads/")
            if is_past and not is_to_today and not parse_qs(urlsplit(href).query).get("as_at"):
                lost.append((path, href))
    assert not lost


def test_pages_of_the_sections_that_show_positions_show_past_days():
    """The list of URLs decides what the test above covers."""
    names = {name for pages in SECTIONS.values() for _, name, _ in pages}
    assert names & names_with_past_day() == {
        *("overview", "heatmap", "trends", "recommendations", "responses", "outcomes", "forces"),
        "joint_actions",
        *("waiting", "fragmentation"),
    }


def chosen_filters(page: HtmlElement) -> dict[str, str]:
    """A value for each choice of the page's filters."""
    values = {}
    for field in page.xpath("//form[contains(@class, 'app-toolbar')]//select"):
        options = [option.get("value") for option in field.iter("option")]
        values[field.get("name")] = next(value for value in reversed(options) if value)
    return values


def pages_without_arguments() -> Iterator[str]:
    return (reverse(name) for name, pattern in PATTERNS.items() if not pattern.converters)


def test_heads_that_sort_and_the_links_to_pages_keep_the_filters(client, world):
    found = 0
    for reader in (world.analyst, world.administrator):
        client.force_login(reader)
        for path in pages_without_arguments():
            response = client.get(path)
            if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
                continue
            filters = chosen_filters(lxml.html.fromstring(response.content))
            filters.pop("sort", None)
            page = lxml.html.fromstring(client.get(path, filters).content)
            for link in page.xpath("//main//th/a[contains(@href, 'sort=')] | //a[@rel='next']"):
                found += 1
                assert keeps(link.get("href"), filters), (path, link.get("href"), filters)
    assert found > 20


@pytest.mark.parametrize("name", ["forces", "force", "recommendation", "region", "recommendations"])
def test_downloads_have_the_position_of_the_past_day(analyst_client, world, name):
    day = rules.london_day(world.now) - timedelta(days=1)
    path = addresses(world)[name]
    shown = lxml.html.fromstring(analyst_client.get(path, {"as_at": day}).content)
    href = next(href for _, href in links(shown) if ".csv" in href)
    lines = analyst_client.get(href).content.decode().splitlines()
    assert lines[1:]
    assert all(line.endswith(f",{day.isoformat()},Yes") for line in lines[1:])
