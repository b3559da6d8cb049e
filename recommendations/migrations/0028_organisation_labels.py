"""Organisations are called so in the admin; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0014_organisation_labels"),
        ("recommendations", "0027_saved_views_of_latest_updates"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="forces.body",
                verbose_name="organisation",
            ),
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="lead_body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="forces.body",
                verbose_name="lead organisation",
            ),
        ),
    ]
