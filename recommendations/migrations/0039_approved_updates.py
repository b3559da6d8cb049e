"""An update refers to the chief officer who approved it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The new column is empty, so nothing has to be checked.",
    }

    dependencies = [
        ("recommendations", "0038_drafts_wait_for_approval"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="update",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approved_updates",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
