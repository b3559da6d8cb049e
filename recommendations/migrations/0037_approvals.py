"""Requests to chief officers to approve an update, the decisions on them, and their alerts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0020_require_approval"),
        ("recommendations", "0036_replaced_attachments"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("claim_returned", "Claim returned"),
                    ("more_time", "Request for more time decided"),
                    ("answered", "Question answered"),
                    ("review_late", "Review late"),
                    ("review_given", "Review assigned"),
                    ("reminder", "Reminder"),
                    ("approval_wanted", "Approval needed"),
                    ("approval_late", "Approval still needed"),
                    ("approved", "Update approved"),
                    ("not_approved", "Update returned by a chief officer"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("token", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("requested_at", models.DateTimeField()),
                (
                    "approver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_requests_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_requests",
                        to="recommendations.assignment",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["assignment", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assignment", "number"), name="approval_request_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                        name="approval_request_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("returned", "Returned"),
                            ("taken_back", "Taken back by the organisation"),
                            ("deleted", "Draft deleted"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="recommendations.approvalrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["decided_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=(Q(outcome="returned") & ~Q(reason=""))
                        | Q(outcome__in=["approved", "taken_back", "deleted"], reason=""),
                        name="approval_decision_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome="deleted") | Q(decided_by__isnull=False),
                        name="approval_decision_has_person",
                    ),
                ],
            },
        ),
    ]
