"""Calls the relations of emails by their name; nothing changes in the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0025_reviewers_reminders_and_moving_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="mail",
            field=models.ForeignKey(
                db_column="mail_id",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="alerts",
                to="recommendations.outboxemail",
            ),
        ),
        migrations.RenameField(model_name="alert", old_name="mail", new_name="email"),
        migrations.AlterField(
            model_name="outboxemail",
            name="content",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="emails",
                to="recommendations.emailcontent",
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="digest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="emails",
                to="recommendations.digest",
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="emails",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
