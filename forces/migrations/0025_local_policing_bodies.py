"""The local policing body of each force is an organisation, too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The table has 52 rows.",
        "ban-drop-constraint": "It is replaced by a wider one in the same transaction.",
        "changing-column-type": "A longer varchar changes no row.",
        "constraint-missing-not-valid": "The table has 52 rows.",
        "disallowed-unique-constraint": "The table has 52 rows.",
        "require-concurrent-index-creation": "The table has 52 rows.",
    }

    dependencies = [
        ("forces", "0024_tokens_of_a_membership"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="body",
            name="body_force_is_placed",
        ),
        migrations.AddField(
            model_name="body",
            name="force",
            field=models.OneToOneField(
                blank=True,
                help_text="Of a local policing body only.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="local_policing_body",
                to="forces.body",
            ),
        ),
        migrations.AlterField(
            model_name="body",
            name="description",
            field=models.CharField(
                blank=True,
                help_text="What sort of organisation, such as department. Forces have none.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="body",
            name="kind",
            field=models.CharField(
                choices=[
                    ("force", "Force"),
                    ("national", "National organisation"),
                    ("local_policing_body", "Local policing body"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["national", "local_policing_body"]),
                        ("region", None),
                        ("rocu", None),
                        ("tile_column", None),
                        ("tile_row", None),
                    ),
                    models.Q(
                        ("kind", "force"),
                        ("region__isnull", False),
                        ("rocu__isnull", False),
                        ("tile_column__isnull", False),
                        ("tile_row__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="body_force_is_placed",
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("force__isnull", False), ("kind", "local_policing_body")),
                    models.Q(
                        ("force", None), models.Q(("kind", "local_policing_body"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="body_local_policing_has_force",
                violation_error_message="A local policing body needs a force. No other has one.",
            ),
        ),
    ]
