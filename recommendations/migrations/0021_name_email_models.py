"""Rename models and fields of emails in the code; tables, columns and indexes keep their names."""

from django.db import migrations, models
from django.db.models import Q

RENAMED_MODELS = {
    "MailChoice": "EmailPreference",
    "MailContent": "EmailContent",
    "OutboxMail": "OutboxEmail",
    "News": "Alert",
}


def rename_model(old: str, new: str) -> list[migrations.operations.base.Operation]:
    """With an explicit table name, RenameModel does nothing in the database."""
    table = f"recommendations_{old.lower()}"
    return [
        migrations.AlterModelTable(name=old.lower(), table=table),
        migrations.RenameModel(old_name=old, new_name=new),
    ]


def rename_field(
    model: str, old: str, new: str, field: models.Field
) -> list[migrations.operations.base.Operation]:
    """With an explicit column name, RenameField does nothing in the database."""
    return [
        migrations.AlterField(model_name=model, name=old, field=field),
        migrations.RenameField(model_name=model, old_name=old, new_name=new),
    ]


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0020_snapshots_of_content_only")]

    operations = [
        *[operation for old, new in RENAMED_MODELS.items() for operation in rename_model(old, new)],
        # The condition of each names a field that is renamed below: nothing to do in the database.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("emailpreference", "mail_choice_bounce_names_address"),
                migrations.RemoveIndex("alert", "news_untold"),
            ]
        ),
        *rename_field(
            "emailpreference",
            "refusals",
            "rejections",
            models.PositiveSmallIntegerField(db_column="refusals", default=0),
        ),
        *rename_field(
            "emailpreference",
            "refused_address",
            "rejected_address",
            models.CharField(blank=True, db_column="refused_address", default="", max_length=254),
        ),
        *rename_field(
            "emailpreference",
            "last_refusal",
            "last_rejection",
            models.CharField(blank=True, db_column="last_refusal", default="", max_length=300),
        ),
        *rename_field(
            "alert", "told_at", "emailed_at", models.DateTimeField(db_column="told_at", null=True)
        ),
        *rename_field(
            "jobrun", "said", "result", models.TextField(blank=True, db_column="said", default="")
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    "emailpreference",
                    models.CheckConstraint(
                        name="mail_choice_bounce_names_address",
                        condition=Q(bouncing_since=None) | ~Q(rejected_address=""),
                    ),
                ),
                migrations.AddIndex(
                    "alert",
                    models.Index(
                        fields=["reader"],
                        name="news_untold",
                        condition=Q(emailed_at__isnull=True),
                    ),
                ),
            ]
        ),
    ]
