"""Stores the identity of the database, so that a restored register holds its emails."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forces", "0017_audit_events_record_rows")]

    operations = [
        migrations.CreateModel(
            name="DatabaseIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("system_identifier", models.CharField(max_length=20)),
                ("database_oid", models.BigIntegerField()),
                ("noted_at", models.DateTimeField()),
            ],
        ),
    ]
