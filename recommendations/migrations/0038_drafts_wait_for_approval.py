"""A draft that waits for approval refers to the request."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The table has a row for each draft, so it is small.",
        "disallowed-unique-constraint": "The same, and the new column is empty.",
        "require-concurrent-index-creation": "The same.",
    }

    dependencies = [("recommendations", "0037_approvals")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="approval_request",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft",
                to="recommendations.approvalrequest",
            ),
        ),
    ]
