"""Replaces counts in fixed windows by the times of the attempts.

The counts of windows that are still open are not carried over: they say how often, not when.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0009_departures"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttemptLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "times",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(),
                        help_text="UTC; as far back as the longest limit.",
                        size=None,
                    ),
                ),
                ("last_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.DeleteModel(name="AttemptCount"),
    ]
