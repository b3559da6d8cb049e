"""The form renderer that the settings name: it gives every form the design system's markup."""

from django.forms.renderers import TemplatesSetting

from countylines.design_system.bound_field import DesignSystemBoundField


class DesignSystemRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` in the design system's markup.

    A bare `{{ field }}` stays what Django makes of it, because the admin's forms rely on that.
    """

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field_group.html"
    bound_field_class = DesignSystemBoundField
