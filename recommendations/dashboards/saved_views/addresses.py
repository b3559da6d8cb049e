"""The addresses that can be saved as views, and what they show in words."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import Resolver404, resolve, reverse

from recommendations.inspections import split_prefix
from recommendations.models.saved_view import ADDRESS_LENGTH

# Pages that only show something, by their URL names.
SAVEABLE_PAGES = {
    "overview": "National overview",
    "heatmap": "Heatmap",
    "trends": "Trends",
    "recommendations": "Recommendations",
    "recommendation": "Recommendation",
    "latest_updates": "Updates on a recommendation",
    "forces": "Forces",
    "force": "Force or organisation",
    "region": "Region",
    "rocu": "Regional unit",
    "assignment": "Recommendation for a force",
    "changes": "What changed",
    "audit": "Audit trail",
    "search": "Search",
    "reviews": "Claims",
    "all_questions": "Questions",
    "deadlines": "Deadlines",
    "downloads": "Downloads",
}
IGNORED_PARAMETERS = {"live", "page", "csrfmiddlewaretoken"}  # momentary, or secret
MAX_PARAMETERS = 50


class UnsaveableAddress(ValueError):
    """The address cannot be saved. The message is a sentence for the reader."""


def saveable_address(text: str) -> str:
    """The path and query that are stored. Raises UnsaveableAddress for other sites and pages."""
    if any(letter < " " or letter in "\\\x7f" for letter in text) or not text.startswith("/"):
        raise UnsaveableAddress("This is not a page of this service, so it cannot be saved.")
    try:
        parts = urlsplit(text)
        _, path = split_prefix(parts.path)
        url_name = None if parts.scheme or parts.netloc else resolve(path).url_name
        pairs = _pairs(parts.query)
    except (ValueError, Resolver404):
        url_name = None
    if url_name not in SAVEABLE_PAGES or text.startswith("//"):
        raise UnsaveableAddress("This page cannot be saved as a view.")
    query = urlencode(
        [(name, value) for name, value in pairs if value and name not in IGNORED_PARAMETERS]
    )
    address = f"{parts.path}?{query}" if query else parts.path
    if len(address) > ADDRESS_LENGTH:
        raise UnsaveableAddress("This address is too long to be saved.")
    return address


def save_address(address: str) -> str:
    """The address of the form that saves a page as a view."""
    return f"{reverse('view_save')}?{urlencode({'address': address})}"


def address_words(address: str, *, instead: Mapping[str, str] | None = None) -> str:
    """What a saved address shows: `Heatmap: region South East, flag overdue`.

    `instead` has words to show in place of the values of some parameters.
    """
    words = instead or {}
    parts = urlsplit(address)
    try:
        slug, path = split_prefix(parts.path)
        match = resolve(path)
    except Resolver404:
        return "This page no longer exists"
    title = SAVEABLE_PAGES.get(str(match.url_name), "Page")
    subject = [str(value) for key, value in match.kwargs.items() if key in ("slug", "reference")]
    page = " ".join([title, *subject]) + (f" ({slug})" if slug else "")
    filters = [
        f"{name} {words.get(name, value)}".replace("_", " ") for name, value in _pairs(parts.query)
    ]
    return f"{page}: {', '.join(filters)}" if filters else page


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, max_num_fields=MAX_PARAMETERS)
