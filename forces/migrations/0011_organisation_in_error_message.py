from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes only the message of the constraint, and nothing in the database."""

    dependencies = [("forces", "0010_count_attempts_in_any_period")]

    operations = [
        migrations.AlterConstraint(
            model_name="user",
            name="user_body_fits_role",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("body__isnull", False), ("role__in", ["liaison_officer", "chief_officer"])
                    ),
                    ("role", "observer"),
                    models.Q(("body", None), ("role__in", ["analyst", "administrator"])),
                    _connector="OR",
                ),
                name="user_body_fits_role",
                violation_error_message="Liaison officers and chief officers need an "
                "organisation. Analysts and administrators cannot have one.",
            ),
        )
    ]
