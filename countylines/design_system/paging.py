"""The links of a pagination, with the rest of the address kept."""

from typing import Any

from django.core.paginator import Page
from django.http import QueryDict


def page_url(query: QueryDict, number: int) -> str:
    """The address of page `number` with the same filters."""
    changed = query.copy()
    changed["page"] = str(number)
    return f"?{changed.urlencode()}"


def page_items(page: Page[Any], *, query: QueryDict) -> list[dict[str, Any]]:
    """The numbers that the pagination shows: both ends, and the neighbours of the current page."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [
        {"number": number, "href": page_url(query, number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in numbers
    ]
