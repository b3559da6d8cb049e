"""Markup as a comparable tree: the order of attributes and the white space do not count."""

from typing import Any

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

# Attributes that hold a set of words or ids, in no order that matters.
WORD_LISTS = {"class", "aria-describedby", "rel"}


def tree(html: str) -> list[Any]:
    """Nested `[name, attributes, children]`, with text collapsed to single spaces."""
    return _children(BeautifulSoup(html, "html.parser"))


def _children(node: Tag) -> list[Any]:
    found: list[Any] = []
    for child in node.children:
        if isinstance(child, Comment):
            continue
        if isinstance(child, NavigableString):
            _add_text(found, " ".join(str(child).split()))
        elif isinstance(child, Tag):
            found.append([child.name, _attributes(child), _children(child)])
    return found


def _add_text(found: list[Any], text: str) -> None:
    """Join adjacent texts, because white space does not count."""
    if not text:
        return
    if found and isinstance(found[-1], str):
        found[-1] = f"{found[-1]} {text}"
    else:
        found.append(text)


def _attributes(tag: Tag) -> dict[str, Any]:
    return {
        name: sorted(value if isinstance(value, list) else str(value).split())
        if name in WORD_LISTS
        else str(value)
        for name, value in tag.attrs.items()
    }
