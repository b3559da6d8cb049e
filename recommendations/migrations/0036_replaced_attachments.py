from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0035_returned_emails")]
    operations = [
        migrations.AddField(
            model_name="evidence",
            name="replaced_attachments",
            field=models.JSONField(
                db_default=[],
                default=list,
                help_text="Of a message: why each attachment is replaced in downloads, as sentences.",
            ),
        ),
    ]
