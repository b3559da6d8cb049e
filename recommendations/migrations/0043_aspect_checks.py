"""How sure each aspect of a recommendation's text is: append-only rows; the latest one counts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_aspectcheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_aspectcheck
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER append_only_truncate ON recommendations_aspectcheck;
DROP TRIGGER append_only ON recommendations_aspectcheck;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0042_parts_asks_and_due_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AspectCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "aspect",
                    models.CharField(
                        choices=[
                            ("gist", "Gist"),
                            ("addressee", "Addressee"),
                            ("deadline", "Deadline"),
                            ("wording", "Wording"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "Unconfirmed"),
                            ("reported", "Reported"),
                            ("confirmed", "Confirmed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source", models.TextField(blank=True)),
                ("page", models.CharField(blank=True, max_length=20)),
                ("entered_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aspect_checks",
                        to="recommendations.recommendation",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entered_aspects",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checked_aspects",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["recommendation", "aspect", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recommendation", "aspect", "number"),
                        name="aspect_check_number_unique",
                    ),
                    models.CheckConstraint(
                        condition=Q(certainty="unconfirmed") | ~Q(source=""),
                        name="aspect_check_reported_has_source",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ~Q(page=""),
                            ~Q(entered_by=F("checked_by")),
                            certainty="confirmed",
                            entered_by__isnull=False,
                            checked_by__isnull=False,
                            checked_at__gte=F("entered_at"),
                        )
                        | Q(~Q(certainty="confirmed"), checked_by=None, checked_at=None),
                        name="aspect_check_confirmed_by_two_people",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
