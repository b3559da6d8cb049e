"""The links of a pagination."""

from typing import Any

from django.core.paginator import Page
from django.http import QueryDict


def page_url(query: QueryDict, number: int) -> str:
    """Return the URL of page `number`, with the other query parameters unchanged."""
    changed = query.copy()
    changed["page"] = str(number)
    return f"?{changed.urlencode()}"


def page_items(page: Page[Any], *, query: QueryDict) -> list[dict[str, Any]]:
    """Return the first, last and neighbouring pages, with an ellipsis for each gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [
        {"number": number, "href": page_url(query, number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in numbers
    ]
