"""Template tags and filters, available in every template."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import get_template, render_to_string
from django.urls import get_script_prefix
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from countylines.navigation import NavigationItem
from recommendations import page_urls, wording
from recommendations.inspections import cached_by_prefix

register = template.Library()


@register.simple_tag
def attributes(values: dict[str, Any] | str | None) -> SafeString | str:
    """HTML attributes, each after a space. `True` gives a bare name, `None` and `False` nothing."""
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
    """The `aria-describedby` of a control: `also`, its hint, its error and its item's hint."""
    ids = [
        also,
        f"{identifier}-hint" if hint else "",
        f"{identifier}-error" if error else "",
        f"{item}-item-hint" if item_hint else "",
    ]
    value = " ".join(part for part in ids if part)
    return format_html(' aria-describedby="{}"', value) if value else ""


@register.simple_tag(takes_context=True)
def page_url(context: Context, name: str, *args: object, **parameters: object) -> str:
    """The address of a page, which keeps the past day of this page if it can show one."""
    past = context.get("past_day")
    return page_urls.page_url(name, *args, past=past, **parameters)


@register.simple_tag
def root() -> str:
    """The beginning of every address of the current inspection: `/` for the first."""
    return get_script_prefix()


@register.simple_tag
def numbered(identifier: str, number: int) -> str:
    """The id of an item of a component: the first has the component's, the others their number."""
    return identifier if number == 1 else f"{identifier}-{number}"


@register.filter
def hyphenated(value: object) -> str:
    """`in-progress` for `in_progress`, as class names are written."""
    return str(value).replace("_", "-")


@register.filter(expects_localtime=True)
def moment(value: datetime) -> str:
    """`3 March 2026, 3:04pm`, following the GOV.UK style guide."""
    return f"{date_format(value, 'j F Y, g:i')}{'am' if value.hour < 12 else 'pm'}"


@register.filter(expects_localtime=True)
def short_day(value: date | datetime, today: date) -> str:
    """`3 Mar`, or `3 Mar 2027` if it is in another year than `today`, for tables."""
    return wording.short_day(value.date() if isinstance(value, datetime) else value, today=today)


@register.filter(expects_localtime=True)
def long_day(value: date | datetime, today: date) -> str:
    """`3 March`, or `3 March 2027` if it is in another year than `today`, for sentences."""
    return wording.day(value.date() if isinstance(value, datetime) else value, today=today)


@register.filter
def columns(value: str | Iterable[str]) -> list[dict[str, str | bool]]:
    """The `head` of a table. `"Force|Overdue#"` is two columns, the second of numbers."""
    names = value.split("|") if isinstance(value, str) else value
    unused = {"href": "", "sort": "", "hidden_text": ""}  # looking up what is missing takes longer
    return [
        {"text": name.removesuffix("#"), "is_number": name.endswith("#"), **unused}
        for name in names
    ]


@register.simple_tag
@cached_by_prefix(maxsize=512)  # for each role, force, section, past day and count of what waits
def service_navigation(items: tuple[NavigationItem, ...]) -> SafeString:
    """The navigation of every page."""
    return render_to_string("layout/service_navigation.html", {"items": items})


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: str, name: str, **parameters: Any) -> str:
    """Render `components/<name>.html` with the block as its content.

    The component gets only its parameters, the request and the CSRF token.
    """
    isolated = context.new({**parameters, "content": content})
    for variable in ("csrf_token", "request"):
        if variable in context:
            isolated[variable] = context[variable]
    compiled = get_template(f"components/{name}.html").template  # type: ignore[attr-defined]
    rendered: str = compiled.render(isolated)
    return rendered


@register.simple_tag
def error_summary(*bound_forms: forms.BaseForm | str | None) -> str:
    """All errors of the forms, each linked to its field; nothing if there are none."""
    errors: list[dict[str, str]] = []
    for form in bound_forms:
        if isinstance(form, forms.BaseForm) and form.is_bound:
            errors.extend(_errors_of(form))
    if not errors:
        return ""
    return render_to_string("components/error_summary.html", {"errors": errors})


def _errors_of(form: forms.BaseForm) -> list[dict[str, str]]:
    """Errors of the form as a whole come first, and link to its first field."""
    visible = [bound for bound in form if not bound.is_hidden]
    first = _target(visible[0]) if visible else ""
    errors = [_linked(text, first) for text in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else _target(bound)
        errors += [_linked(text, target) for text in bound.errors]
    return errors


def _target(bound: BoundField) -> str:
    return str(getattr(bound, "error_target", bound.auto_id))


def _linked(text: object, target: str) -> dict[str, str]:
    return {"text": str(text), "href": f"#{target}"} if target else {"text": str(text)}


@register.simple_tag(takes_context=True)
def pagination(
    context: Context,
    page: Page[Any],
    *,
    target: str = "",
    heading: str = "",
    query: QueryDict | None = None,
) -> str:
    """Links to the pages of a Django `Page`; nothing if there is only one page.

    Other parameters stay: those of the request, or of `query` in a template without it. With
    `target` (the id of the results) htmx loads the page, and the element with the id `heading`
    then takes the focus.
    """
    if not page.has_other_pages():
        return ""
    query = context["request"].GET if query is None else query
    parameters = {
        "items": _page_items(page, query=query),
        "previous": _page_url(query, page.previous_page_number()) if page.has_previous() else "",
        "next": _page_url(query, page.next_page_number()) if page.has_next() else "",
        "target": target,
        "heading": heading,
    }
    return render_to_string("components/pagination.html", parameters)


def _page_url(query: QueryDict, number: int) -> str:
    """Return the URL of page `number`, with the other query parameters unchanged."""
    changed = query.copy()
    changed["page"] = str(number)
    return f"?{changed.urlencode()}"


def _page_items(page: Page[Any], *, query: QueryDict) -> list[dict[str, Any]]:
    """Return the first, last and neighbouring pages, with an ellipsis for each gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [
        {"number": number, "href": _page_url(query, number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in numbers
    ]
