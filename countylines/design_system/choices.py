"""What a radio, a checkbox, an option or a part of a date shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms.widgets import ChoiceWidget


@dataclass(frozen=True, kw_only=True)
class Item:
    """One choice of a component, or one part of a date, ready to print."""

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


def items_of(
    widget: ChoiceWidget, *, name: str, value: Any, hints: Mapping[Any, Any]
) -> list[Item]:
    """The choices of a Django widget. `hints` maps a choice's value to the line below it."""
    shown = widget.get_context(name, value, {})["widget"]
    return [
        Item(
            text=option["label"],
            value=option["value"],
            hint=hints.get(option["value"], hints.get(str(option["value"]), "")),
            checked=option["selected"],
            disabled=bool(option["attrs"].get("disabled")),
            group=group or "",
        )
        for group, options, _ in shown["optgroups"]
        for option in options
    ]
