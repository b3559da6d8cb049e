"""The stored position says whether it is self-assessed. Nobody has reviewed a claim again yet."""

from django.db import migrations, models

ROLES = [
    ("analyst", "Home Office analyst"),
    ("liaison_officer", "Force liaison officer"),
    ("chief_officer", "Chief officer"),
    ("second_reviewer", "Second reviewer"),
    ("observer", "Observer"),
    ("local_policing_body", "Local policing body"),
    ("administrator", "Administrator"),
]
FILL = """
UPDATE recommendations_assignment SET is_self_assessed = true
WHERE status = 'implemented' AND body_id IN (SELECT id FROM forces_body WHERE reviews_claims);
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0051_second_reviews")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="is_self_assessed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Whether the department that accepted the claim made it itself.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="download",
            name="for_role",
            field=models.CharField(choices=ROLES, max_length=20),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="for_role",
            field=models.CharField(choices=ROLES, db_default="", default="", max_length=20),
        ),
    ]
