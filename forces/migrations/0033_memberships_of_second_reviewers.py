"""Second reviewers need an organisation."""

from django.db import migrations, models
from django.db.models import Q

_SMALL = "The table has a few rows for each person at most, and the constraint allows more."


class Migration(migrations.Migration):
    lint_exceptions = {"constraint-missing-not-valid": _SMALL, "ban-drop-constraint": _SMALL}

    dependencies = [("forces", "0032_department_that_reviews")]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="membership_body_fits_role"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                name="membership_body_fits_role",
                condition=Q(
                    role__in=[
                        *("liaison_officer", "chief_officer"),
                        *("second_reviewer", "local_policing_body"),
                    ],
                    body__isnull=False,
                )
                | Q(role="observer")
                | Q(role="analyst", body=None)
                | Q(role="administrator", body=None, is_main=True),
            ),
        ),
    ]
