"""Organisations are called so in the admin; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forces", "0013_update_form_on_one_page")]

    operations = [
        migrations.AlterModelOptions(
            name="body",
            options={
                "ordering": ["kind", "short_name"],
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
            },
        ),
        migrations.AlterField(
            model_name="body",
            name="description",
            field=models.CharField(
                blank=True,
                help_text="What sort of national organisation, such as department.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="body",
            name="kind",
            field=models.CharField(
                choices=[("force", "Force"), ("national", "National organisation")], max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="body",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="forces.body",
                verbose_name="organisation",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="body",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="forces.body",
                verbose_name="organisation",
            ),
        ),
    ]
