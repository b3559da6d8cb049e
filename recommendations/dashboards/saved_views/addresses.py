"""Which addresses can be kept under a name, and what they show, in words."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import Resolver404, resolve, reverse

from recommendations.models.saved_view import ADDRESS_LENGTH

# Pages that show something and do nothing, by the names of their addresses.
KEPT = {
    "overview": "National overview",
    "heatmap": "Heatmap",
    "trends": "Trends",
    "recommendations": "Recommendations",
    "recommendation": "Recommendation",
    "accounts": "Accounts of a recommendation",
    "forces": "Forces",
    "force": "Force or body",
    "region": "Region",
    "rocu": "Regional unit",
    "assignment": "Recommendation of a body",
    "changes": "What changed",
    "audit": "Audit trail",
    "search": "Search",
    "reviews": "Claims",
    "all_questions": "Questions",
    "deadlines": "Deadlines",
    "downloads": "Downloads",
}
_LEFT_OUT = {"live", "page", "csrfmiddlewaretoken"}  # of the moment, or secret


class NoSuchView(ValueError):
    """The address cannot be kept. Its text is a sentence for the person."""


def kept_address(text: str) -> str:
    """The address as it is kept: path and query of our own. Raises NoSuchView."""
    if any(letter < " " or letter in "\\\x7f" for letter in text) or not text.startswith("/"):
        raise NoSuchView("This is no page of this service, so it cannot be saved.")
    try:
        parts = urlsplit(text)
        name = None if parts.scheme or parts.netloc else resolve(parts.path).url_name
        pairs = _pairs(parts.query)
    except (ValueError, Resolver404):
        name = None
    if name not in KEPT or text.startswith("//"):
        raise NoSuchView("This page cannot be saved as a view.")
    query = urlencode([(k, v) for k, v in pairs if v and k not in _LEFT_OUT])
    address = f"{parts.path}?{query}" if query else parts.path
    if len(address) > ADDRESS_LENGTH:
        raise NoSuchView("This address is too long to be saved.")
    return address


def save_address(address: str) -> str:
    """Where a page is kept under a name."""
    return f"{reverse('view_save')}?{urlencode({'address': address})}"


def address_words(address: str) -> str:
    """`Heatmap: region South East, flag overdue`."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return "A page that is there no more"
    title = KEPT.get(str(match.url_name), "Page")
    about = [str(value) for key, value in match.kwargs.items() if key in ("slug", "number")]
    pairs = _pairs(parts.query)
    said = [f"{key} {value}".replace("_", " ") for key, value in pairs]
    named = f"{title} {' '.join(about)}".strip()
    return f"{named}: {', '.join(said)}" if said else named


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, max_num_fields=50)
