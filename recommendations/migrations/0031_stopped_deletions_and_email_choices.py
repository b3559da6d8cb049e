"""Large deletions wait for an administrator; unsubscribe links know the choice of their time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0030_claims_by_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoppedDeletion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stopped_at", models.DateTimeField()),
                (
                    "checked_at",
                    models.DateTimeField(
                        help_text="When a run last found the same or other numbers."
                    ),
                ),
                ("items", models.JSONField(default=list)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="emailpreference",
            name="at_once_version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="emailpreference",
            name="weekly_version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
