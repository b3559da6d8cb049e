"""A download is about one inspection."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The new column is empty, so nothing has to be checked.",
    }

    dependencies = [
        ("recommendations", "0061_second_review_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="download",
            name="inspection",
            field=models.ForeignKey(
                db_index=False,
                help_text="What the file is about; none in rows of before there were several.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="recommendations.inspection",
            ),
        ),
    ]
