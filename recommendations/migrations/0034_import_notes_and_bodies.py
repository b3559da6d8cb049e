"""Add how an import's file was read, and the organisation that it is limited to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The table has a row for each import, so it is small.",
        "require-concurrent-index-creation": "The same.",
    }

    dependencies = [
        ("forces", "0018_hold_emails_of_a_restored_register"),
        ("recommendations", "0033_record_existing_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="body",
            field=models.ForeignKey(
                help_text="The only organisation whose updates are imported, or none for all.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="forces.body",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="notes",
            field=models.JSONField(default=list, db_default=[]),
        ),
    ]
