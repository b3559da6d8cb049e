"""Template tags and filters of the design system, built into every template by the settings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import get_template, render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from countylines.design_system.paging import page_items, page_url

register = template.Library()


@register.simple_tag
def attributes(values: dict[str, Any] | str | None) -> SafeString | str:
    """HTML attributes, a space before each; `True` gives a bare name, `None` and `False` none."""
    if isinstance(values, str):
        return values
    if not values:
        return ""
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value),)
            for name, value in values.items()
            if value is not None and value is not False
        ),
    )


@register.simple_tag
def described_by(
    identifier: str,
    *,
    also: str = "",
    hint: Any = "",
    error: Any = "",
    item: str = "",
    item_hint: Any = "",
) -> str:
    """The `aria-describedby` of a control: `also`, its hint, its error, its item's hint."""
    ids = [
        also,
        f"{identifier}-hint" if hint else "",
        f"{identifier}-error" if error else "",
        f"{item}-item-hint" if item_hint else "",
    ]
    listed = " ".join(part for part in ids if part)
    return format_html(' aria-describedby="{}"', listed) if listed else ""


@register.filter
def hyphenated(value: object) -> str:
    """`in_progress` as a class name spells it: `in-progress`."""
    return str(value).replace("_", "-")


@register.filter(expects_localtime=True)
def moment(value: datetime) -> str:
    """`3 March 2026, 3:04pm`, as the GOV.UK style guide writes times."""
    return f"{date_format(value, 'j F Y, g:i')}{'am' if value.hour < 12 else 'pm'}"


@register.filter
def columns(value: str | Iterable[str]) -> list[dict[str, str | bool]]:
    """The `head` of a table: `"Force|Overdue#"` is 2 columns, the second of numbers."""
    names = value.split("|") if isinstance(value, str) else value
    return [{"text": name.removesuffix("#"), "is_number": name.endswith("#")} for name in names]


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: str, name: str, **parameters: Any) -> str:
    """Render `components/<name>.html` round the block's content; only the parameters reach it."""
    isolated = context.new({**parameters, "content": content})
    for kept in ("csrf_token", "request"):
        if kept in context:
            isolated[kept] = context[kept]
    compiled = get_template(f"components/{name}.html").template  # type: ignore[attr-defined]
    rendered: str = compiled.render(isolated)
    return rendered


@register.simple_tag
def error_summary(*bound_forms: forms.BaseForm | str | None) -> str:
    """The summary of every error of the forms, each linked to its field; nothing without errors."""
    errors: list[dict[str, str]] = []
    for form in bound_forms:
        if isinstance(form, forms.BaseForm) and form.is_bound:
            errors.extend(_errors_of(form))
    if not errors:
        return ""
    return render_to_string("components/error_summary.html", {"errors": errors})


def _errors_of(form: forms.BaseForm) -> list[dict[str, str]]:
    """Errors of the form as a whole first; they lead to its first field."""
    visible = [bound for bound in form if not bound.is_hidden]
    first = _target(visible[0]) if visible else ""
    listed = [_linked(text, first) for text in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else _target(bound)
        listed += [_linked(text, target) for text in bound.errors]
    return listed


def _target(bound: BoundField) -> str:
    return str(getattr(bound, "error_target", bound.auto_id))


def _linked(text: object, target: str) -> dict[str, str]:
    return {"text": str(text), "href": f"#{target}"} if target else {"text": str(text)}


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any], *, target: str = "", heading: str = "") -> str:
    """Links to the pages of `page`; the rest of the address stays as it is.

    With `target` (the id of the results) htmx swaps the page in; `heading` is the id of the element
    that then takes the focus. Nothing is drawn where there is only one page.
    """
    if not page.has_other_pages():
        return ""
    query = context["request"].GET
    parameters = {
        "items": page_items(page, query=query),
        "previous": page_url(query, page.previous_page_number()) if page.has_previous() else "",
        "next": page_url(query, page.next_page_number()) if page.has_next() else "",
        "target": target,
        "heading": heading,
    }
    return render_to_string("components/pagination.html", parameters)
