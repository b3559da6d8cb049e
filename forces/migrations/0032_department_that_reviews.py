"""The Home Office reviews claims: its own ones need a second reviewer from another organisation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forces", "0031_validate_forces_without_regional_unit")]

    operations = [
        migrations.AddField(
            model_name="body",
            name="reviews_claims",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Whether the analysts work for it: its own claims need a second "
                "reviewer.",
            ),
        ),
        migrations.RunSQL(
            "UPDATE forces_body SET reviews_claims = true WHERE slug = 'home-office'",
            migrations.RunSQL.noop,
        ),
    ]
