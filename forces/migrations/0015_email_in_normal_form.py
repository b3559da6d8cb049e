from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """New and changed addresses are in ASCII. Those that exist are not checked."""

    dependencies = [("forces", "0014_organisation_labels")]

    operations = [
        AddConstraintNotValid(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email__regex", "^[!-~]+$")),
                name="user_email_ascii",
                violation_error_message="Email address must not have accents or spaces.",
            ),
        ),
    ]
