"""Labels, help texts and choices in plain English; nothing changes in the database."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0021_name_email_models"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="alert",
            options={},
        ),
        migrations.AlterField(
            model_name="alert",
            name="mail",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="alerts",
                to="recommendations.outboxemail",
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alerts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="assigned_at",
            field=models.DateTimeField(
                help_text="The instant from which the organisation must implement it."
            ),
        ),
        migrations.AlterField(
            model_name="digest",
            name="on",
            field=models.DateField(help_text="The London day of the figures."),
        ),
        migrations.AlterField(
            model_name="digest",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("mailed", "Email created"),
                    ("nothing_overdue", "Nothing overdue, so no email"),
                    ("unwanted", "Does not want weekly emails"),
                    ("bouncing", "No email: the address bounces"),
                ],
                db_default="mailed",
                default="mailed",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="download",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("working", "Being prepared"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="draft",
            name="blocker_causes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("people", "Not enough people"),
                        ("funding", "Funding"),
                        ("systems", "Data or IT systems"),
                        ("training", "Training"),
                        ("supplier", "Buying or a supplier"),
                        ("another_body", "Waiting for another organisation"),
                        ("law_or_policy", "Law or national policy"),
                        ("priorities", "Other operational priorities"),
                        ("other", "Something else"),
                    ],
                    max_length=20,
                ),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="draft",
            name="signed_off_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Name and rank or post of the person approving this update.",
                max_length=120,
            ),
        ),
        migrations.AlterField(
            model_name="duedatedecision",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("granted", "Granted"),
                    ("granted_other", "Another date granted"),
                    ("refused", "Refused"),
                    ("taken_back", "Withdrawn by the organisation"),
                ],
                max_length=15,
            ),
        ),
        migrations.AlterField(
            model_name="duedaterequest",
            name="due_on",
            field=models.DateField(help_text="The due date at the time of the request."),
        ),
        migrations.AlterField(
            model_name="emailpreference",
            name="reader",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="email_preference",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "Being checked"),
                    ("checked", "Checked, not confirmed"),
                    ("writing", "Being imported"),
                    ("done", "Imported"),
                    ("discarded", "Cancelled"),
                    ("parked", "Stopped after repeated errors"),
                ],
                default="checking",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="jobrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("parked", "Stopped"),
                    ("lost", "Did not finish"),
                ],
                default="running",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "Weekly digest"),
                    ("at_once", "Instant alert"),
                    ("test", "Test"),
                ],
                db_default="digest",
                default="digest",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="provider_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The identifier of GOV.UK Notify.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="outboxemail",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("held", "On hold"),
                    ("sent", "Sent"),
                    ("refused", "Rejected"),
                    ("bounced", "Bounced"),
                    ("expired", "Expired"),
                    ("parked", "Stopped after repeated errors"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="source_status",
            field=models.CharField(
                choices=[("confirmed", "Confirmed"), ("theme", "Unconfirmed summary")],
                help_text="Whether the summary was checked against the published report.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="causes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("no_evidence", "There is no evidence"),
                        ("not_shown", "The evidence does not support the claim"),
                        ("part_done", "Part of the recommendation is not done"),
                        ("not_asked", "It does not address the recommendation"),
                        ("not_lasting", "No evidence that the change will last"),
                        ("unclear", "The description of progress is not clear"),
                        ("other", "Something else"),
                    ],
                    max_length=20,
                ),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="address",
            field=models.CharField(
                help_text="Path and query of a page of the service.", max_length=1000
            ),
        ),
        migrations.AlterField(
            model_name="update",
            name="account",
            field=models.TextField(verbose_name="progress"),
        ),
        migrations.AlterField(
            model_name="update",
            name="blocker_causes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("people", "Not enough people"),
                        ("funding", "Funding"),
                        ("systems", "Data or IT systems"),
                        ("training", "Training"),
                        ("supplier", "Buying or a supplier"),
                        ("another_body", "Waiting for another organisation"),
                        ("law_or_policy", "Law or national policy"),
                        ("priorities", "Other operational priorities"),
                        ("other", "Something else"),
                    ],
                    max_length=20,
                ),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="update",
            name="signed_off_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Name and rank or post of the person approving this update.",
                max_length=120,
            ),
        ),
        migrations.AlterField(
            model_name="update",
            name="token",
            field=models.UUIDField(
                help_text="The draft's token: a draft becomes one update.", unique=True
            ),
        ),
    ]
