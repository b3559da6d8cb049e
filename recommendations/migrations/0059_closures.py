"""Counts of closed lines and of their check-backs: append-only rows; the latest one counts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_closure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_closure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION closure_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM forces_body WHERE id = NEW.body_id AND kind = 'force') THEN
        RAISE EXCEPTION 'Closure % is not of a force.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_closure before
        WHERE before.inspection_id = NEW.inspection_id AND before.body_id = NEW.body_id
          AND before.month = NEW.month AND before.kind = NEW.kind
          AND before.has_order = NEW.has_order AND before.number = NEW.number - 1
          AND before.reported_at <= NEW.reported_at
    ) THEN
        RAISE EXCEPTION 'Closure % does not follow an earlier one.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_closure
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION closure_follows();
"""
UNDO_GUARDS = """
DROP TRIGGER follows_history ON recommendations_closure;
DROP FUNCTION closure_follows();
DROP TRIGGER append_only_truncate ON recommendations_closure;
DROP TRIGGER append_only ON recommendations_closure;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0034_second_reviewers"),
        ("recommendations", "0058_positions_have_endings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("type_1", "Type 1: a line holder was charged"),
                            ("type_2", "Type 2: the number was deactivated"),
                        ],
                        max_length=6,
                    ),
                ),
                ("has_order", models.BooleanField()),
                ("number", models.PositiveSmallIntegerField()),
                ("closed", models.PositiveIntegerField()),
                ("checked_7", models.PositiveIntegerField(null=True)),
                ("reopened_7", models.PositiveIntegerField(null=True)),
                ("checked_28", models.PositiveIntegerField(null=True)),
                ("reopened_28", models.PositiveIntegerField(null=True)),
                ("checked_90", models.PositiveIntegerField(null=True)),
                ("reopened_90", models.PositiveIntegerField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mistyped", "A count was mistyped"),
                            ("recounted", "The lines were counted again"),
                            ("late", "Information came late"),
                            ("wrong_kind", "A line was counted as the wrong kind"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reported_at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closures",
                        to="forces.body",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closures",
                        to="recommendations.inspection",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closures_reported",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "body", "month", "kind", "has_order", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspection", "body", "month", "kind", "has_order", "number"),
                        name="closure_number_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="closure_month_is_first_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_7", None), ("reopened_7", None)),
                            models.Q(
                                ("checked_7__isnull", False),
                                ("checked_7__lte", models.F("closed")),
                                ("closed__isnull", False),
                                ("reopened_7__isnull", False),
                                ("reopened_7__lte", models.F("checked_7")),
                            ),
                            _connector="OR",
                        ),
                        name="closure_check_7",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_28", None), ("reopened_28", None)),
                            models.Q(
                                ("checked_28__isnull", False),
                                ("checked_28__lte", models.F("checked_7")),
                                ("checked_7__isnull", False),
                                ("reopened_28__gte", models.F("reopened_7")),
                                ("reopened_28__isnull", False),
                                ("reopened_28__lte", models.F("checked_28")),
                            ),
                            _connector="OR",
                        ),
                        name="closure_check_28",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_90", None), ("reopened_90", None)),
                            models.Q(
                                ("checked_28__isnull", False),
                                ("checked_90__isnull", False),
                                ("checked_90__lte", models.F("checked_28")),
                                ("reopened_90__gte", models.F("reopened_28")),
                                ("reopened_90__isnull", False),
                                ("reopened_90__lte", models.F("checked_90")),
                            ),
                            _connector="OR",
                        ),
                        name="closure_check_90",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
