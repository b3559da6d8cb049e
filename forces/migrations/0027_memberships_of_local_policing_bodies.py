"""Memberships of people who read for a local policing body."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    lint_exceptions = {
        "ban-drop-constraint": "It is replaced by a wider one in the same transaction.",
        "constraint-missing-not-valid": "The table has a few hundred rows.",
    }

    dependencies = [("forces", "0026_stand_in_emails")]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="membership_body_fits_role"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                name="membership_body_fits_role",
                condition=Q(
                    role__in=["liaison_officer", "chief_officer", "local_policing_body"],
                    body__isnull=False,
                )
                | Q(role="observer")
                | Q(role="analyst", body=None)
                | Q(role="administrator", body=None, is_main=True),
            ),
        ),
    ]
