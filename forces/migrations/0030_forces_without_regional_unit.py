"""Let a force have no regional organised crime unit: London has none."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    lint_exceptions = {
        "ban-drop-constraint": "It is replaced by a wider one in the same transaction.",
    }

    dependencies = [("forces", "0029_names_of_organisations_and_people")]

    operations = [
        migrations.RemoveConstraint(model_name="body", name="body_force_is_placed"),
        AddConstraintNotValid(
            model_name="body",
            constraint=models.CheckConstraint(
                name="body_force_is_placed",
                condition=Q(
                    kind__in=["national", "local_policing_body"],
                    region=None,
                    rocu=None,
                    tile_column=None,
                    tile_row=None,
                )
                | Q(
                    kind="force",
                    region__isnull=False,
                    tile_column__isnull=False,
                    tile_row__isnull=False,
                ),
            ),
        ),
    ]
