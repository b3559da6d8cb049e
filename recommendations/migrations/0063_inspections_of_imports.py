"""An import is into one inspection."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The new column is empty, so nothing has to be checked.",
    }

    dependencies = [
        ("recommendations", "0062_inspections_of_downloads"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="inspection",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose updates they are; none in rows of before there were several.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="recommendations.inspection",
            ),
        ),
    ]
