"""Second reviews of claims of the department that reviews; until then they are self-assessed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_secondreview
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_secondreview
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION second_review_is_independent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (NEW.reviewed_at AT TIME ZONE 'Europe/London')::date;
    department bigint;
    decided record;
BEGIN
    SELECT a.body_id INTO department
    FROM recommendations_review r
    JOIN recommendations_update u ON u.id = r.update_id
    JOIN recommendations_assignment a ON a.id = u.assignment_id
    JOIN forces_body b ON b.id = a.body_id AND b.reviews_claims
    WHERE r.id = NEW.review_id;
    IF department IS NULL OR department = NEW.body_id THEN
        RAISE EXCEPTION 'Review % needs no second reviewer of organisation %.',
            NEW.review_id, NEW.body_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    SELECT coalesce(c.decision, r.decision) AS decision,
           coalesce(c.corrected_by_id, r.reviewed_by_id) AS by_id,
           coalesce(c.corrected_at, r.reviewed_at) AS at
    INTO decided
    FROM recommendations_review r
    LEFT JOIN recommendations_reviewcorrection c ON c.review_id = r.id
    WHERE r.id = NEW.review_id ORDER BY c.number DESC NULLS LAST LIMIT 1;
    IF decided.decision <> 'accepted' OR decided.at > NEW.reviewed_at
        OR decided.by_id = NEW.reviewed_by_id
        OR EXISTS (
            SELECT FROM recommendations_secondreview s
            WHERE s.review_id = NEW.review_id AND s.id <> NEW.id AND s.reviewed_at >= decided.at
        )
    THEN
        RAISE EXCEPTION 'Review % cannot be confirmed by user %.',
            NEW.review_id, NEW.reviewed_by_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    IF NOT EXISTS (
        SELECT FROM forces_membership m
        WHERE m.person_id = NEW.reviewed_by_id AND m.role = 'second_reviewer'
          AND m.body_id = NEW.body_id AND (m.ended_at IS NULL OR m.ended_at > NEW.reviewed_at)
          AND (m.is_main OR m.from_on <= today) AND (m.until_on IS NULL OR m.until_on >= today)
    ) OR EXISTS (
        SELECT FROM forces_membership m
        WHERE m.person_id = NEW.reviewed_by_id
          AND (m.body_id = department OR m.role IN ('analyst', 'administrator'))
          AND (m.ended_at IS NULL OR m.ended_at > NEW.reviewed_at)
          AND (m.is_main OR m.from_on <= today) AND (m.until_on IS NULL OR m.until_on >= today)
    ) THEN
        RAISE EXCEPTION 'User % is not a second reviewer of organisation % alone.',
            NEW.reviewed_by_id, NEW.body_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_independent AFTER INSERT ON recommendations_secondreview
    FOR EACH ROW EXECUTE FUNCTION second_review_is_independent();
"""
UNDO = """
DROP TRIGGER is_independent ON recommendations_secondreview;
DROP FUNCTION second_review_is_independent();
DROP TRIGGER append_only_truncate ON recommendations_secondreview;
DROP TRIGGER append_only ON recommendations_secondreview;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0050_roles_of_local_policing_bodies"),
        ("forces", "0034_second_reviewers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SecondReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forces.body",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_reviews",
                        to="recommendations.review",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["reviewed_at"]},
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
