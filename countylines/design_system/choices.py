"""The items of radios, checkboxes, selects and date inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms.widgets import ChoiceWidget


@dataclass(frozen=True, kw_only=True)
class ComponentItem:
    """One choice of a component, or one part of a date input."""

    text: Any = ""
    value: Any = ""
    hint: Any = ""
    checked: bool = False
    disabled: bool = False
    group: str = ""
    name: str = ""
    part: str = ""
    classes: str = ""
    has_error: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)


def choice_items(
    widget: ChoiceWidget, *, name: str, value: Any, hints: Mapping[Any, Any]
) -> list[ComponentItem]:
    """Return the choices of a Django widget. `hints` has the hint for a choice's value."""
    groups = widget.get_context(name, value, {})["widget"]["optgroups"]
    return [
        ComponentItem(
            text=option["label"],
            value=option["value"],
            hint=hints.get(option["value"], hints.get(str(option["value"]), "")),
            checked=option["selected"],
            disabled=bool(option["attrs"].get("disabled")),
            group=group or "",
        )
        for group, options, _ in groups
        for option in options
    ]
