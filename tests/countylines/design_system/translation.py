"""From the options of a govuk-frontend macro to the parameters of our component."""

from typing import Any

from django.utils.safestring import mark_safe

# The options that keep their name, and those that have another here.
SAME = [
    "attributes",
    "autocomplete",
    "classes",
    "disabled",
    "href",
    "id",
    "inputmode",
    "maxlength",
    "multiple",
    "name",
    "open",
    "rows",
    "text",
    "threshold",
    "type",
    "value",
]
RENAMED = {
    "idPrefix": "id",
    "describedBy": "described_by",
    "isStartButton": "is_start",
    "preventDoubleClick": "prevent_double_click",
    "titleText": "title",
    "descriptionText": "description",
    "errorList": "errors",
    "summaryText": "summary",
    "firstCellIsHeader": "first_cell_is_header",
    "caption": "caption",
}
TEXTS = {
    "hint": "hint",
    "errorMessage": "error",
    "prefix": "prefix",
    "suffix": "suffix",
}
TRUSTED = {"html": "text", "titleHtml": "title", "summaryHtml": "summary"}


def parameters(options: dict[str, Any], *, is_field: bool = False) -> dict[str, Any]:
    """Our parameters. An option that we do not have is an error, never left out."""
    found: dict[str, Any] = {}
    for option, value in options.items():
        found |= _parameter(option, value)
    if is_field:
        found.setdefault("id", found.get("name", ""))
    return found


def _parameter(option: str, value: Any) -> dict[str, Any]:
    if option in SAME:
        return {option: value}
    if option in RENAMED:
        return {RENAMED[option]: value}
    if option in TEXTS:
        return {TEXTS[option]: text_of(value)}
    if option in TRUSTED:
        return {TRUSTED[option]: mark_safe(value)}
    return PARTS[option](value)


def text_of(part: dict[str, Any] | str | None) -> str:
    """`html` is trusted markup, `text` is escaped when it is printed."""
    if not isinstance(part, dict):
        return part or ""
    return mark_safe(part["html"]) if part.get("html") else str(part.get("text", ""))


def _label(value: dict[str, Any]) -> dict[str, Any]:
    _, _, size = value.get("classes", "").rpartition("--")
    return {
        "label": text_of(value),
        "label_size": size,
        "is_page_heading": value.get("isPageHeading", False),
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    """One radio, checkbox or option."""
    if "divider" in item:
        return item
    return {
        "text": text_of(item),
        "value": item.get("value", ""),
        "hint": text_of(item.get("hint")),
        "checked": item.get("checked", item.get("selected", False)),
        "disabled": item.get("disabled", False),
        "conditional": text_of(item.get("conditional")),
        "attributes": item.get("attributes", {}),
    }


def _date_part(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "part": item["name"],
        "name": item["name"],
        "text": item["name"].capitalize(),
        "value": item.get("value", ""),
        "classes": item.get("classes")
        or f"govuk-input--width-{4 if item['name'] == 'year' else 2}",
        "has_error": item.get("error", False),
    }


def date_parameters(options: dict[str, Any]) -> dict[str, Any]:
    """A date's items are its parts; without any they are day, month and year."""
    items = options.get("items") or [{"name": name} for name in ("day", "month", "year")]
    parts = [_date_part(item) for item in items]
    rest = {key: value for key, value in options.items() if key != "items"}
    return parameters(rest) | {"items": parts}


def table_parameters(options: dict[str, Any]) -> dict[str, Any]:
    """Cells are texts, numbers or neither."""
    found: dict[str, Any] = {
        "head": [_cell(cell) for cell in options.get("head", [])],
        "rows": [[_cell(cell) for cell in row] for row in options["rows"] if row],
        "caption": options.get("caption", ""),
        "classes": options.get("classes", ""),
        "first_cell_is_header": options.get("firstCellIsHeader", False),
    }
    _, _, found["caption_size"] = options.get("captionClasses", "").rpartition("--")
    return found


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    return {"text": text_of(cell), "is_number": cell.get("format") == "numeric"}


def pagination_parameters(options: dict[str, Any]) -> dict[str, Any]:
    """The links before and after are addresses."""
    return {
        "previous": options.get("previous", {}).get("href", ""),
        "next": options.get("next", {}).get("href", ""),
        "items": options.get("items", []),
        "label": options.get("landmarkLabel", ""),
    }


def summary_parameters(options: dict[str, Any]) -> dict[str, Any]:
    """Each row has a key, a value and perhaps actions."""
    rows = [
        {
            "key": text_of(row["key"]),
            "value": text_of(row["value"]),
            "actions": [
                {
                    "href": action["href"],
                    "text": text_of(action),
                    "hidden_text": action.get("visuallyHiddenText", ""),
                }
                for action in row.get("actions", {}).get("items", [])
            ],
        }
        for row in options["rows"]
    ]
    return {"rows": rows, "any_actions": any(row["actions"] for row in rows)}


PARTS: dict[str, Any] = {
    "label": _label,
    "fieldset": lambda value: (
        _label(value["legend"]) | {"described_by": value.get("describedBy", "")}
    ),
    "items": lambda value: {"items": [_item(item) for item in value if item]},
    "javascript": lambda _: {},  # our file input is always the enhanced one
    "iconFallbackText": lambda _: {},  # ours says "Warning", as the example does
    "formGroup": lambda value: {"group_classes": value["classes"]},
}
