"""The role of people who read for a local policing body."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    lint_exceptions = {
        "ban-drop-constraint": "It is replaced by a wider one in the same transaction.",
        "constraint-missing-not-valid": "The table has a few hundred rows.",
    }

    dependencies = [("forces", "0027_memberships_of_local_policing_bodies")]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="user_body_fits_role"),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("analyst", "Home Office analyst"),
                    ("liaison_officer", "Force liaison officer"),
                    ("chief_officer", "Chief officer"),
                    ("observer", "Observer"),
                    ("local_policing_body", "Local policing body"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                name="user_body_fits_role",
                condition=Q(
                    role__in=["liaison_officer", "chief_officer", "local_policing_body"],
                    body__isnull=False,
                )
                | Q(role="observer")
                | Q(role__in=["analyst", "administrator"], body=None),
                violation_error_message="Officers and readers of local policing bodies need an "
                "organisation. Analysts and administrators cannot have one.",
            ),
        ),
    ]
