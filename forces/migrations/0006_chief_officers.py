from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0005_api_tokens_and_calendar_feeds"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="user",
            name="user_body_fits_role",
        ),
        migrations.AddField(
            model_name="body",
            name="copies_to_chief_officers",
            field=models.BooleanField(
                default=False, help_text="Whether its chief officers get the weekly digest, too."
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("analyst", "Home Office analyst"),
                    ("liaison_officer", "Force liaison officer"),
                    ("chief_officer", "Chief officer"),
                    ("observer", "Observer"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("body__isnull", False), ("role__in", ["liaison_officer", "chief_officer"])
                    ),
                    ("role", "observer"),
                    models.Q(("body", None), ("role__in", ["analyst", "administrator"])),
                    _connector="OR",
                ),
                name="user_body_fits_role",
                violation_error_message="Liaison officers and chief officers need a body; analysts and administrators have none.",
            ),
        ),
    ]
