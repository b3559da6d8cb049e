"""The stored position says why it was withdrawn, and what supersedes it; nobody has said so yet."""

from django.db import migrations, models

KINDS = [
    ("superseded", "Superseded"),
    ("no_further_action", "No further action"),
    ("not_accepted", "Not accepted"),
    ("entered_in_error", "Entered in error"),
]


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0057_endings")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=KINDS,
                db_default="",
                default="",
                editable=False,
                help_text="Why it was withdrawn, if somebody has said so.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="superseded_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The recommendation that supersedes it: 7, or slug/7 of another "
                "inspection.",
                max_length=90,
            ),
        ),
    ]
