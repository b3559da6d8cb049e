"""Renders forms with the components of `templates/components/`."""

import pickle  # nosec B403 # only dumps
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.core.cache import caches
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import ChoiceWidget
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# The first match is used, so a subclass comes before its parent.
COMPONENTS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password_input"),
    (forms.FileInput, "file_upload"),
)

# The options in `design` of a form, unset: see templates/components/README.md.
OPTIONS: dict[str, Any] = {
    "label_size": "",
    "is_page_heading": False,
    "classes": "",
    "item_hints": {},
    "prefix": "",
    "suffix": "",
    "threshold": None,
}

# The browser's own checks do not match the error summary, `maxlength` cuts pasted text silently,
# and `autofocus` skips the heading for people who use a screen reader.
UNWANTED_ATTRIBUTES = frozenset(
    {"autofocus", "required", "maxlength", "minlength", "id", "rows", "cols"}
)


@dataclass(frozen=True, kw_only=True)
class ComponentItem:
    """One choice of a component, or one part of a date input."""

    text: Any = ""
    value: Any = ""
    hint: Any = ""
    checked: bool = False
    disabled: bool = False
    group: str = ""
    divider: str = ""
    conditional: Any = ""
    name: str = ""
    part: str = ""
    classes: str = ""
    has_error: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)


class DesignSystemBoundField(BoundField):
    """A bound field with its component, and the target of links in the error summary."""

    @cached_property
    def component(self) -> str:
        """The name of the component: the widget's own `component`, or the one for its class."""
        widget = self.field.widget
        default = next((name for kind, name in COMPONENTS if isinstance(widget, kind)), "input")
        return str(getattr(widget, "component", default))

    @property
    def error_target(self) -> str:
        """The id of the element that an error links to, which can take the focus."""
        invalid_parts = self._invalid_parts()
        return f"{self._id}-{invalid_parts[0]}" if invalid_parts else self._id

    def as_field_group(self) -> SafeString:
        """Render the component. Each process keeps choices, which take longest, by what they show.

        Pickling tells safe strings from others, so one is never shown for the other.
        """
        if self.errors or not isinstance(self.field.widget, ChoiceWidget):
            return super().as_field_group()
        context = self.get_context()
        shown = {name: context[name] for name in context if name not in {"field", "errors"}}
        key = f"choices-{sha256(pickle.dumps(shown)).hexdigest()}"
        html = caches["page_content"].get_or_set(key, partial(self.render, context=context))
        return cast("SafeString", html)

    def get_context(self) -> dict[str, Any]:
        """The parameters of `components/<component>.html`."""
        widget = self.field.widget
        context = self._widget_context
        return {
            **super().get_context(),
            "component_template": f"components/{self.component}.html",
            "id": self._id,
            "name": self.html_name,
            "label": self.label,
            "hint": self.help_text,
            "error": self._error(),
            "value": context["value"],
            "type": context.get("type"),
            "attributes": self._attributes(),
            "items": self._items(),
            "rows": widget.attrs.get("rows", 5),
            "maxlength": self._maxlength(),
            "multiple": getattr(widget, "allow_multiple_selected", False),
            "group_classes": "",
            "described_by": "",
            **self._options(),
        }

    @cached_property
    def _widget_context(self) -> dict[str, Any]:
        context = self.field.widget.get_context(self.html_name, self.value(), {})
        of_widget: dict[str, Any] = context["widget"]
        return of_widget

    @property
    def _id(self) -> str:
        return self.auto_id or self.html_name

    def _options(self) -> dict[str, Any]:
        design: dict[str, dict[str, Any]] = getattr(self.form, "design", {})
        options = {**OPTIONS, **design.get("*", {}), **design.get(self.name, {})}
        unknown = options.keys() - OPTIONS.keys()
        if unknown:
            raise TypeError(
                f"{type(self.form).__name__}.design[{self.name!r}] has unknown options: "
                f"{', '.join(sorted(unknown))}."
            )
        return options

    def _error(self) -> SafeString | None:
        if not self.errors:
            return None
        return format_html_join(SafeString("<br>"), "{}", ((message,) for message in self.errors))

    def _attributes(self) -> dict[str, Any]:
        attributes = {**self.field.widget.attrs, **self.field.widget_attrs(self.field.widget)}
        attributes = {key: attributes[key] for key in attributes if key not in UNWANTED_ATTRIBUTES}
        if self.field.disabled:
            attributes["disabled"] = True
        return attributes

    def _maxlength(self) -> int | None:
        if self.component != "textarea":
            return None
        length = getattr(self.field, "max_length", None) or self.field.widget.attrs.get("maxlength")
        return int(length) if length else None

    def _items(self) -> list[ComponentItem]:
        if self.component == "date_input":
            return self._date_items()
        if isinstance(self.field.widget, forms.CheckboxInput):
            checked = self.field.widget.check_test(self.value())
            return [
                ComponentItem(
                    text=str(self.label), value="on", checked=checked, hint=self.help_text
                )
            ]
        if isinstance(self.field.widget, ChoiceWidget):
            return self._choice_items()
        return []

    def _choice_items(self) -> list[ComponentItem]:
        hints = self._options()["item_hints"]
        groups = self._widget_context["optgroups"]
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

    def _date_items(self) -> list[ComponentItem]:
        invalid_parts = self._invalid_parts()
        return [
            ComponentItem(
                part=part,
                name=subwidget["name"],
                value=subwidget["value"] or "",
                text=part.capitalize(),
                has_error=part in invalid_parts,
                classes="govuk-input--width-4" if part == "year" else "govuk-input--width-2",
            )
            for part, subwidget in zip(
                self.field.widget.parts, self._widget_context["subwidgets"], strict=True
            )
        ]

    def _invalid_parts(self) -> list[str]:
        """The parts of a date with errors; all parts if an error does not name any."""
        if self.component != "date_input" or not self.errors:
            return []
        named: set[str] = set()
        for error in self.errors.as_data():
            named.update((error.params or {}).get("parts", ()))
        parts: list[str] = list(self.field.widget.parts)
        return [part for part in parts if part in named] or parts


class DesignSystemRenderer(TemplatesSetting):
    """Renders `{{ form }}` and `{{ field.as_field_group }}` with the components.

    `{{ field }}` on its own renders Django's widget, which the admin needs.
    """

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field_group.html"
    bound_field_class = DesignSystemBoundField
