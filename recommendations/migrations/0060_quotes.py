"""Quoted figures: append-only rows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_quote
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_quote
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO_GUARDS = """
DROP TRIGGER append_only_truncate ON recommendations_quote;
DROP TRIGGER append_only ON recommendations_quote;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0059_closures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=8, unique=True)),
                ("figure", models.CharField(max_length=30)),
                ("count", models.PositiveIntegerField()),
                ("total", models.PositiveIntegerField()),
                ("sentence", models.TextField()),
                ("events", models.PositiveBigIntegerField()),
                ("head", models.CharField(blank=True, max_length=64)),
                ("quoted_at", models.DateTimeField()),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="recommendations.inspection",
                    ),
                ),
                (
                    "quoted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="recommendations.recommendation",
                    ),
                ),
            ],
            options={
                "ordering": ["-quoted_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sentence", ""), _negated=True),
                        name="quote_has_sentence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__lte", models.F("total"))),
                        name="quote_count_in_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reference__regex", "^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$")
                        ),
                        name="quote_reference_form",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
