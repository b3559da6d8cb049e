"""Requests between organisations and their events: append-only, each side in its turn."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_bodyrequest
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_bodyrequest
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_bodyrequestevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_bodyrequestevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION body_request_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM forces_body b, recommendations_assignment a
        WHERE b.id = NEW.body_id AND b.kind IN ('force', 'national')
          AND a.id = NEW.assignment_id AND a.body_id <> b.id AND a.assigned_at <= NEW.requested_at
    ) THEN
        RAISE EXCEPTION 'Request % is not from an assignment to another organisation.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_bodyrequest before
        WHERE before.assignment_id = NEW.assignment_id AND before.number = NEW.number - 1
          AND before.requested_at <= NEW.requested_at
    ) THEN
        RAISE EXCEPTION 'Request % does not follow an earlier one.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_bodyrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION body_request_follows();

CREATE FUNCTION body_request_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_kind text;
    last_at timestamptz;
    is_asked boolean;
BEGIN
    SELECT kind, happened_at INTO last_kind, last_at FROM recommendations_bodyrequestevent
    WHERE request_id = NEW.request_id AND number = NEW.number - 1;
    IF NEW.number = 1 THEN
        SELECT requested_at INTO last_at FROM recommendations_bodyrequest
        WHERE id = NEW.request_id;
    END IF;
    is_asked := (NEW.number = 1 OR last_kind IN ('accepted', 'returned'));
    IF last_at IS NULL OR last_at > NEW.happened_at
        OR (NEW.kind IN ('done', 'declined', 'disputed', 'cancelled') AND NOT is_asked)
        OR (NEW.kind = 'accepted' AND NOT (NEW.number = 1 OR last_kind = 'returned'))
        OR (NEW.kind IN ('confirmed', 'returned')
            AND coalesce(last_kind, '') NOT IN ('done', 'declined', 'disputed'))
        OR (NEW.kind = 'returned' AND EXISTS (
            SELECT FROM recommendations_bodyrequestevent
            WHERE request_id = NEW.request_id AND number < NEW.number AND kind = 'returned'))
    THEN
        RAISE EXCEPTION 'Event % of request % does not follow the one before it.',
            NEW.number, NEW.request_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_bodyrequestevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION body_request_event_follows();
"""
UNDO_GUARDS = """
DROP TRIGGER follows_history ON recommendations_bodyrequestevent;
DROP FUNCTION body_request_event_follows();
DROP TRIGGER follows_history ON recommendations_bodyrequest;
DROP FUNCTION body_request_follows();
DROP TRIGGER append_only_truncate ON recommendations_bodyrequestevent;
DROP TRIGGER append_only ON recommendations_bodyrequestevent;
DROP TRIGGER append_only_truncate ON recommendations_bodyrequest;
DROP TRIGGER append_only ON recommendations_bodyrequest;
"""


def _key() -> models.BigAutoField:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0035_audit_chain_uses_its_index"),
        ("recommendations", "0065_validate_kinds_of_endings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BodyRequest",
            fields=[
                ("id", _key()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("intelligence", "Intelligence"),
                            ("lead", "A lead in a case across borders"),
                            ("safeguarding", "Safeguarding"),
                            ("decision", "A decision"),
                            ("product", "A national product"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("requested_at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_requests",
                        to="recommendations.assignment",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_requests",
                        to="forces.body",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["assignment", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assignment", "number"), name="body_request_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="body_request_has_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyRequestEvent",
            fields=[
                ("id", _key()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("disputed", "Disputed"),
                            ("done", "Done"),
                            ("confirmed", "Confirmed"),
                            ("returned", "Not settled"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("promised_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("happened_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_request_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="recommendations.bodyrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["request", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "number"), name="body_request_event_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "accepted"), ("promised_on__isnull", False)),
                            models.Q(
                                models.Q(("kind", "accepted"), _negated=True),
                                ("promised_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="body_request_event_promise",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["declined", "disputed", "returned"]),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            ("kind__in", ["accepted", "done", "confirmed", "cancelled"]),
                            _connector="OR",
                        ),
                        name="body_request_event_reason",
                    ),
                ],
            },
        ),
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
                    ("second_review", "Second review needed"),
                    ("reminder", "Reminder"),
                    ("approval_wanted", "Approval needed"),
                    ("approval_late", "Approval still needed"),
                    ("approved", "Update approved"),
                    ("not_approved", "Update returned by a chief officer"),
                    ("request", "Request of another organisation"),
                    ("request_late", "Answer to a request late"),
                    ("request_answered", "Request answered"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
