"""People who answer all the questions of an update on one page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forces", "0012_name_account_emails")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="prefers_one_page",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Answers all the questions of an update on one page.",
            ),
        ),
    ]
