"""The role of second reviewers."""

from django.db import migrations, models
from django.db.models import Q

_SMALL = "The table has a row for each person, and the constraint allows more."


class Migration(migrations.Migration):
    lint_exceptions = {"constraint-missing-not-valid": _SMALL, "ban-drop-constraint": _SMALL}

    dependencies = [("forces", "0033_memberships_of_second_reviewers")]

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
                    ("second_reviewer", "Second reviewer"),
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
                    role__in=[
                        *("liaison_officer", "chief_officer"),
                        *("second_reviewer", "local_policing_body"),
                    ],
                    body__isnull=False,
                )
                | Q(role="observer")
                | Q(role__in=["analyst", "administrator"], body=None),
                violation_error_message="Officers, second reviewers and readers of local "
                "policing bodies need an organisation. Analysts and administrators cannot have one.",
            ),
        ),
    ]
