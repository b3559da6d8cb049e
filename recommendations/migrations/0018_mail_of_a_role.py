"""A mail knows for which role and body it was made; since when is an instant; defaults for old code."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0006_chief_officers"),
        ("recommendations", "0017_mail_has_content"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="digest",
            name="digest_tells_of_days",
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="first_tried_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="for_body",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="forces.body",
            ),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="for_role",
            field=models.CharField(
                choices=[
                    ("analyst", "Home Office analyst"),
                    ("liaison_officer", "Force liaison officer"),
                    ("chief_officer", "Chief officer"),
                    ("observer", "Observer"),
                    ("administrator", "Administrator"),
                ],
                db_default="",
                default="",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="digest",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("mailed", "Mail made"),
                    ("nothing_overdue", "Nothing overdue, so no mail"),
                    ("unwanted", "Wants no weekly mail"),
                    ("bouncing", "No mail: the address bounces"),
                ],
                db_default="mailed",
                default="mailed",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="digest",
            name="since",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="parked_in",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="tries",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="crashes",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "Weekly digest"),
                    ("at_once", "News at once"),
                    ("test", "Test"),
                ],
                db_default="digest",
                default="digest",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="provider_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="How GOV.UK Notify names it.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="reader_name",
            field=models.CharField(db_default="", max_length=120),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("held", "Held back"),
                    ("sent", "Sent"),
                    ("refused", "Refused"),
                    ("bounced", "Bounced"),
                    ("expired", "Given up"),
                    ("parked", "Parked: sending it fails"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="jobrun",
            index=models.Index(
                condition=models.Q(("state", "done")),
                fields=["job", "-started_at"],
                name="job_run_done",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(
                condition=models.Q(("state", "parked")), fields=["id"], name="outbox_parked"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=["provider_id"],
                name="outbox_by_provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__lte", models.F("made_at"))), name="digest_since_before"
            ),
        ),
    ]
