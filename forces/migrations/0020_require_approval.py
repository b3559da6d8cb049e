"""Let an organisation require that a chief officer approves its updates."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forces", "0019_same_password_keeps_tokens")]

    operations = [
        migrations.AddField(
            model_name="body",
            name="requires_approval",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Whether a chief officer has to approve its updates before they are "
                "submitted.",
            ),
        ),
    ]
