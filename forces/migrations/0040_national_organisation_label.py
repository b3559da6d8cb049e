"""National bodies are called national organisations; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forces", "0012_name_account_emails")]

    operations = [
        migrations.AlterField(
            model_name="body",
            name="description",
            field=models.CharField(
                blank=True,
                help_text="What sort of national organisation, such as department.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="body",
            name="kind",
            field=models.CharField(
                choices=[("force", "Force"), ("national", "National organisation")], max_length=10
            ),
        ),
    ]
