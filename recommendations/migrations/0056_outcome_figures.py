"""Published figures on outcomes: append-only rows; a correction replaces one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_outcomefigure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_outcomefigure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION outcome_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM recommendations_outcomefigure before
        WHERE before.id = NEW.replaces_id AND before.id < NEW.id AND NOT before.is_removed
          AND before.inspection_id = NEW.inspection_id AND before.entered_at <= NEW.entered_at
    ) THEN
        RAISE EXCEPTION 'Outcome figure % does not follow the one that it replaces.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (SELECT count(*) FROM recommendations_outcomefigure same
        WHERE same.inspection_id = NEW.inspection_id AND same.indicator = NEW.indicator
          AND same.scope = NEW.scope AND same.period_start = NEW.period_start
          AND same.period_end IS NOT DISTINCT FROM NEW.period_end AND NOT same.is_removed
          AND NOT EXISTS (SELECT FROM recommendations_outcomefigure later
                          WHERE later.replaces_id = same.id)) > 1
    THEN
        RAISE EXCEPTION 'Outcome figure % has the period of another one.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_outcomefigure
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION outcome_follows();
"""
UNDO_GUARDS = """
DROP TRIGGER follows_history ON recommendations_outcomefigure;
DROP FUNCTION outcome_follows();
DROP TRIGGER append_only_truncate ON recommendations_outcomefigure;
DROP TRIGGER append_only ON recommendations_outcomefigure;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0055_no_changes_of_own_assignments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutcomeFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "indicator",
                    models.CharField(
                        choices=[
                            ("active-lines", "Active lines"),
                            ("active-lines-a-month", "Active lines a month"),
                            ("lines-closed", "Lines closed"),
                            ("time-until-a-line-reopens", "Time until a line reopens"),
                            ("telecoms-orders", "Telecommunications restriction orders"),
                            ("arrests", "Arrests"),
                            ("line-holders-charged", "Line holders charged"),
                            ("people-safeguarded", "People safeguarded"),
                            (
                                "children-at-risk-of-criminal-exploitation",
                                "Children at risk of criminal exploitation",
                            ),
                            ("nrm-referrals", "Referrals to the National Referral Mechanism"),
                            (
                                "nrm-county-lines-referrals",
                                "Referrals to the National Referral Mechanism that are flagged county lines",
                            ),
                            ("recorded-modern-slavery-crimes", "Recorded modern slavery crimes"),
                            ("modern-slavery-prosecutions", "Modern slavery prosecutions"),
                            ("modern-slavery-conviction-rate", "Modern slavery conviction rate"),
                            (
                                "modern-slavery-act-s2-child-offences",
                                "Offences of trafficking, flagged child abuse (Modern Slavery Act, section 2)",
                            ),
                        ],
                        max_length=60,
                    ),
                ),
                ("scope", models.CharField(max_length=80)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField(null=True)),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("value_high", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                (
                    "qualifier",
                    models.CharField(
                        choices=[
                            ("exact", "Exact"),
                            ("about", "About"),
                            ("at_least", "At least"),
                            ("more_than", "More than"),
                            ("between", "Between"),
                            ("not_collected", "Not collected"),
                        ],
                        max_length=13,
                    ),
                ),
                ("unit", models.CharField(max_length=40)),
                ("is_cumulative", models.BooleanField()),
                ("breaks_before", models.BooleanField()),
                ("note", models.TextField(blank=True)),
                ("source", models.CharField(max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("is_removed", models.BooleanField()),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes_entered",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="recommendations.inspection",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="recommendations.outcomefigure",
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "indicator", "scope", "period_start", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("qualifier", "not_collected"), ("value", None)),
                            models.Q(
                                models.Q(("qualifier", "not_collected"), _negated=True),
                                ("value__gte", 0),
                                ("value__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="outcome_has_value_if_collected",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("qualifier", "between"),
                                ("value_high__gt", models.F("value")),
                                ("value_high__isnull", False),
                            ),
                            models.Q(
                                models.Q(("qualifier", "between"), _negated=True),
                                ("value_high", None),
                            ),
                            _connector="OR",
                        ),
                        name="outcome_range_has_two_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_end", None),
                            ("period_end__gte", models.F("period_start")),
                            _connector="OR",
                        ),
                        name="outcome_period_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_removed", False), ("reason", ""), ("replaces", None)),
                            models.Q(
                                ("replaces__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="outcome_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
