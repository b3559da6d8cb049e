"""Test rounds: the seed, the draw, the claims with their testers, and the results; append-only."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import PROTECT

APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in ("assuranceround", "assurancedraw", "claimtest", "claimtestresult")
)
UNDO_APPEND_ONLY = "".join(
    f"""
DROP TRIGGER append_only_truncate ON recommendations_{table};
DROP TRIGGER append_only ON recommendations_{table};
"""
    for table in ("assuranceround", "assurancedraw", "claimtest", "claimtestresult")
)
GUARDS = """
CREATE FUNCTION assurance_draw_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_assuranceround r
        WHERE r.id = NEW.round_id AND r.fixed_at < NEW.drawn_at
          AND (SELECT count(*) FROM recommendations_claimtest t WHERE t.round_id = r.id)
              = least(r.size, NEW.claims_count)
    ) THEN
        RAISE EXCEPTION 'Draw % is not later than its seed, or has another size.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_seed AFTER INSERT ON recommendations_assurancedraw
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assurance_draw_follows();

CREATE FUNCTION refuse_dependent_tester(test bigint, tester bigint, moment timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    day date := (moment AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF EXISTS (
        SELECT FROM recommendations_claimtest t
        JOIN recommendations_update u ON u.id = t.claim_id
        JOIN recommendations_assignment a ON a.id = u.assignment_id
        JOIN forces_body b ON b.id = a.body_id
        JOIN forces_membership m ON m.person_id = tester
        WHERE t.id = test AND (m.ended_at IS NULL OR m.ended_at > moment)
          AND (m.is_main OR m.from_on <= day) AND (m.until_on IS NULL OR m.until_on >= day)
          AND (m.body_id = b.id OR (b.reviews_claims AND m.role IN ('analyst', 'administrator')))
    ) THEN
        RAISE EXCEPTION 'User % works for the organisation whose claim is tested.', tester
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM recommendations_claimtest t
        JOIN recommendations_assurancedraw d ON d.round_id = t.round_id
        JOIN recommendations_review r ON r.update_id = t.claim_id
        LEFT JOIN recommendations_reviewcorrection c
            ON c.review_id = r.id AND c.corrected_at <= d.drawn_at
        WHERE t.id = test AND tester IN (r.reviewed_by_id, c.corrected_by_id)
    ) THEN
        RAISE EXCEPTION 'User % decided about the claim that is tested.', tester
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION claim_test_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz;
BEGIN
    SELECT d.drawn_at INTO moment
    FROM recommendations_assurancedraw d
    JOIN recommendations_assuranceround r ON r.id = d.round_id
    JOIN recommendations_update u ON u.id = NEW.claim_id
    JOIN recommendations_assignment a ON a.id = u.assignment_id
    JOIN recommendations_recommendation n
        ON n.id = a.recommendation_id AND n.inspection_id = r.inspection_id
    JOIN recommendations_review v ON v.update_id = u.id AND v.reviewed_at <= d.drawn_at
    WHERE d.round_id = NEW.round_id AND NEW.number BETWEEN 1 AND least(r.size, d.claims_count)
      AND coalesce(
          (SELECT c.decision FROM recommendations_reviewcorrection c
           WHERE c.review_id = v.id AND c.corrected_at <= d.drawn_at
           ORDER BY c.number DESC LIMIT 1), v.decision) = 'accepted';
    IF moment IS NULL THEN
        RAISE EXCEPTION 'Claim % was not accepted when it was drawn, or is beyond the sample.',
            NEW.claim_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM refuse_dependent_tester(NEW.id, NEW.tester_id, moment);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_independent AFTER INSERT ON recommendations_claimtest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claim_test_follows();

CREATE FUNCTION claim_test_result_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_claimtest t
        JOIN recommendations_assurancedraw d ON d.round_id = t.round_id
        WHERE t.id = NEW.test_id AND d.drawn_at <= NEW.recorded_at
    ) OR NEW.number < 1 OR (NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_claimtestresult before
        WHERE before.test_id = NEW.test_id AND before.number = NEW.number - 1
          AND before.recorded_at <= NEW.recorded_at
    )) THEN
        RAISE EXCEPTION 'Result % does not follow the draw or an earlier result.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM refuse_dependent_tester(NEW.test_id, NEW.recorded_by_id, NEW.recorded_at);
    RETURN NULL;
END $$;
CREATE TRIGGER is_independent AFTER INSERT ON recommendations_claimtestresult
    FOR EACH ROW EXECUTE FUNCTION claim_test_result_follows();
"""
UNDO_GUARDS = """
DROP TRIGGER is_independent ON recommendations_claimtestresult;
DROP TRIGGER is_independent ON recommendations_claimtest;
DROP TRIGGER follows_seed ON recommendations_assurancedraw;
DROP FUNCTION claim_test_result_follows();
DROP FUNCTION claim_test_follows();
DROP FUNCTION refuse_dependent_tester(bigint, bigint, timestamptz);
DROP FUNCTION assurance_draw_follows();
"""


def primary_key() -> tuple[str, models.Field]:
    return "id", models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def foreign_key(to: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=PROTECT, related_name=related_name, to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0068_append_only_joint_actions"),
        ("forces", "0034_second_reviewers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssuranceRound",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                ("seed", models.CharField(max_length=100)),
                ("seed_source", models.CharField(max_length=300)),
                ("size", models.PositiveSmallIntegerField()),
                ("fixed_at", models.DateTimeField()),
                ("fixed_by", foreign_key(settings.AUTH_USER_MODEL, "assurance_rounds")),
                ("inspection", foreign_key("recommendations.inspection", "assurance_rounds")),
            ],
            options={
                "ordering": ["inspection", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspection", "number"), name="assurance_round_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seed", ""), _negated=True),
                            models.Q(("seed_source", ""), _negated=True),
                        ),
                        name="assurance_round_has_seed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 1), ("size__lte", 500)),
                        name="assurance_round_size",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssuranceDraw",
            fields=[
                primary_key(),
                ("claims_count", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", foreign_key(settings.AUTH_USER_MODEL, "assurance_draws")),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=PROTECT,
                        related_name="draw",
                        to="recommendations.assuranceround",
                    ),
                ),
            ],
            options={
                "ordering": ["drawn_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("claims_count__gte", 1)),
                        name="assurance_draw_has_claims",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimTest",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                ("claim", foreign_key("recommendations.update", "claim_tests")),
                ("round", foreign_key("recommendations.assuranceround", "tests")),
                ("tester", foreign_key(settings.AUTH_USER_MODEL, "claim_tests")),
            ],
            options={
                "ordering": ["round", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"), name="claim_test_number_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("round", "claim"), name="claim_test_claim_unique"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimTestResult",
            fields=[
                primary_key(),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("not_held", "Did not hold"),
                            ("not_possible", "Could not be tested"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", foreign_key(settings.AUTH_USER_MODEL, "claim_test_results")),
                ("test", foreign_key("recommendations.claimtest", "results")),
            ],
            options={
                "ordering": ["test", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("test", "number"), name="claim_test_result_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", 1), ("outcome", "held")),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_test_result_has_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
