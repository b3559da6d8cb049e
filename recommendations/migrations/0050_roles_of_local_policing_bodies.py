"""Emails and downloads of people who read for a local policing body."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0049_responses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="download",
            name="for_role",
            field=models.CharField(
                choices=[
                    ("analyst", "Home Office analyst"),
                    ("liaison_officer", "Force liaison officer"),
                    ("chief_officer", "Chief officer"),
                    ("observer", "Observer"),
                    ("local_policing_body", "Local policing body"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="for_role",
            field=models.CharField(
                choices=[
                    ("analyst", "Home Office analyst"),
                    ("liaison_officer", "Force liaison officer"),
                    ("chief_officer", "Chief officer"),
                    ("observer", "Observer"),
                    ("local_policing_body", "Local policing body"),
                    ("administrator", "Administrator"),
                ],
                db_default="",
                default="",
                max_length=20,
            ),
        ),
    ]
