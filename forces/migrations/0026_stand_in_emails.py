"""Emails to somebody who is to stand in, and to the person for whom somebody declined to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0025_local_policing_bodies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accountemail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reset", "A link to choose a new password"),
                    ("invitation", "An invitation"),
                    ("notice", "What was changed about the account"),
                    ("stand_in", "Somebody was named as a stand-in"),
                    ("declined", "A stand-in has declined"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="accountemail",
            name="words",
            field=models.CharField(
                blank=True, help_text="What was changed, or whose absence.", max_length=200
            ),
        ),
    ]
