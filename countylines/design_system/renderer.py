"""The form renderer of the settings."""

from django.forms.renderers import TemplatesSetting

from countylines.design_system.bound_field import DesignSystemBoundField


class DesignSystemRenderer(TemplatesSetting):
    """Renders `{{ form }}` and `{{ field.as_field_group }}` with the components.

    `{{ field }}` on its own renders Django's widget, which the admin needs.
    """

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field_group.html"
    bound_field_class = DesignSystemBoundField
