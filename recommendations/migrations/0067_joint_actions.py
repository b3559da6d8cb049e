"""Joint actions of several organisations, with their steps and events."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0036_ends_of_organisations"),
        ("recommendations", "0066_body_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JointAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("due_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_actions",
                        to="recommendations.assignment",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["assignment", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assignment", "number"), name="joint_action_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("text", ""), _negated=True),
                        ),
                        name="joint_action_has_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointParticipant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to="recommendations.jointaction",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_participants_added",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_participations",
                        to="forces.body",
                    ),
                ),
            ],
            options={
                "ordering": ["action", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "body"), name="joint_participant_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JointStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=100)),
                ("due_on", models.DateField()),
                ("added_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="recommendations.jointaction",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_steps_added",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["action", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "number"), name="joint_step_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="joint_step_has_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("progress", "Update"),
                            ("step_done", "Step done"),
                            ("closed", "Closed by the owner"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("happened_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="recommendations.jointaction",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_events",
                        to="forces.body",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_events",
                        to="recommendations.update",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="recommendations.jointstep",
                    ),
                ),
            ],
            options={
                "ordering": ["action", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "number"), name="joint_event_number_unique"
                    ),
                    models.UniqueConstraint(fields=("step",), name="joint_step_done_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", None), ("kind__in", ["accepted", "returned"])),
                            models.Q(
                                ("body__isnull", False),
                                ("kind__in", ["progress", "step_done", "closed", "cancelled"]),
                            ),
                            _connector="OR",
                        ),
                        name="joint_event_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "step_done"), ("step__isnull", False)),
                            models.Q(
                                models.Q(("kind", "step_done"), _negated=True), ("step", None)
                            ),
                            _connector="OR",
                        ),
                        name="joint_event_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "closed"), ("update__isnull", False)),
                            models.Q(models.Q(("kind", "closed"), _negated=True), ("update", None)),
                            _connector="OR",
                        ),
                        name="joint_event_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["step_done", "accepted"]),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="joint_event_text",
                    ),
                ],
            },
        ),
    ]
