"""Why assignments were withdrawn. Nobody has said so of those that were withdrawn before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("superseded", "Superseded"),
    ("no_further_action", "No further action"),
    ("not_accepted", "Not accepted"),
    ("entered_in_error", "Entered in error"),
]
GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_ending
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_ending
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION ending_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended bigint;
    today date := (NEW.recorded_at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF EXISTS (
        SELECT FROM recommendations_withdrawal w
        JOIN recommendations_assignment a ON a.id = w.assignment_id
        JOIN forces_membership m ON m.body_id = a.body_id AND m.person_id = NEW.recorded_by_id
        WHERE w.id = NEW.withdrawal_id AND (m.ended_at IS NULL OR m.ended_at > NEW.recorded_at)
          AND (m.is_main OR m.from_on <= today) AND (m.until_on IS NULL OR m.until_on >= today)
    ) THEN
        RAISE EXCEPTION 'User % acts for the organisation of withdrawal %.',
            NEW.recorded_by_id, NEW.withdrawal_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM recommendations_withdrawal w
        WHERE w.id = NEW.withdrawal_id AND w.withdrawn_at <= NEW.recorded_at
    ) OR NEW.number <> 1 AND NOT EXISTS (
        SELECT FROM recommendations_ending e
        WHERE e.withdrawal_id = NEW.withdrawal_id AND e.number = NEW.number - 1
          AND e.recorded_at <= NEW.recorded_at
    ) THEN
        RAISE EXCEPTION 'Ending % of withdrawal % does not follow the one before it.',
            NEW.number, NEW.withdrawal_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.superseded_by_id IS NULL THEN
        RETURN NULL;
    END IF;
    -- One at a time, so that two transactions cannot close a circle together.
    PERFORM pg_advisory_xact_lock(hashtext('recommendations_ending'));
    SELECT a.recommendation_id INTO ended
    FROM recommendations_withdrawal w JOIN recommendations_assignment a ON a.id = w.assignment_id
    WHERE w.id = NEW.withdrawal_id;
    IF ended IN (
        WITH RECURSIVE following(id) AS (
            SELECT NEW.superseded_by_id
            UNION
            SELECT e.superseded_by_id
            FROM following f
            JOIN recommendations_assignment a ON a.recommendation_id = f.id
            JOIN recommendations_withdrawal w ON w.assignment_id = a.id
            JOIN recommendations_ending e ON e.withdrawal_id = w.id
            WHERE e.superseded_by_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM recommendations_ending later
                WHERE later.withdrawal_id = w.id AND later.number > e.number
            )
        )
        SELECT id FROM following
    ) THEN
        RAISE EXCEPTION 'Recommendation % would supersede itself.', ended
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follows_history AFTER INSERT ON recommendations_ending
    FOR EACH ROW EXECUTE FUNCTION ending_follows();
"""
UNDO = """
DROP TRIGGER follows_history ON recommendations_ending;
DROP FUNCTION ending_follows();
DROP TRIGGER append_only_truncate ON recommendations_ending;
DROP TRIGGER append_only ON recommendations_ending;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0056_outcome_figures"),
        ("forces", "0024_tokens_of_a_membership"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of this inspection or another one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="recommendations.recommendation",
                    ),
                ),
                (
                    "withdrawal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endings",
                        to="recommendations.withdrawal",
                    ),
                ),
            ],
            options={
                "ordering": ["withdrawal", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("withdrawal", "number"), name="ending_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "superseded"), ("superseded_by__isnull", False)),
                            models.Q(
                                models.Q(("kind", "superseded"), _negated=True),
                                ("superseded_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="ending_superseded_has_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [kind for kind, _ in KINDS])),
                        name="ending_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="ending_changed_with_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO),
    ]
