"""Updates that say that nothing has changed, confirmed contradictions, and returned claims.

`confirms` refers to the last update with something new, whose answers the new update has. Claims
have no confidence any more. The stored position says whether the latest claim was returned.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

CONTRADICTIONS = [
    ("green_overdue", "Confidence is green, but the due date has passed"),
    ("green_late_forecast", "Confidence is green, but the forecast date is after the due date"),
    (
        "claim_with_blockers",
        "The status is implemented, but there are blockers or confidence is not green",
    ),
]

CONFIRMS = """
CREATE FUNCTION update_confirms_its_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirms_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM recommendations_update confirmed
        JOIN recommendations_update before
            ON before.assignment_id = NEW.assignment_id AND before.number = NEW.number - 1
        WHERE confirmed.id = NEW.confirms_id AND confirmed.confirms_id IS NULL
          AND confirmed.id = coalesce(before.confirms_id, before.id)
          AND (confirmed.status, confirmed.confidence, confirmed.account, confirmed.next_steps,
               confirmed.blocker_causes, confirmed.blockers, confirmed.forecast_on,
               confirmed.signed_off_by)
            = (NEW.status, NEW.confidence, NEW.account, NEW.next_steps,
               NEW.blocker_causes, NEW.blockers, NEW.forecast_on, NEW.signed_off_by)
    ) THEN
        RAISE EXCEPTION 'Update % of assignment % does not repeat the answers that it confirms.',
            NEW.number, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER confirms_answers AFTER INSERT ON recommendations_update
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION update_confirms_its_answers();
"""

UNDO_CONFIRMS = """
DROP TRIGGER confirms_answers ON recommendations_update;
DROP FUNCTION update_confirms_its_answers();
"""

RETURNED = """
UPDATE recommendations_assignment a SET is_returned = true
FROM recommendations_update u
JOIN recommendations_review r ON r.update_id = u.id
WHERE u.id = a.latest_update_id AND u.status = 'implemented' AND a.status = 'in_progress';
"""


def confirmed_contradictions() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(choices=CONTRADICTIONS, max_length=30),
        blank=True,
        db_default=[],
        default=list,
        help_text="Answers that contradict each other, which the person confirmed.",
        size=None,
    )


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0022_plain_labels")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="is_returned",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Whether the latest update is a claim that was returned.",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="no_change_count",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="How many updates in a row, up to the latest, said that nothing had "
                "changed.",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="confirmed_contradictions",
            field=confirmed_contradictions(),
        ),
        migrations.AddField(
            model_name="update",
            name="confirmed_contradictions",
            field=confirmed_contradictions(),
        ),
        migrations.AddField(
            model_name="update",
            name="confirms",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmations",
                to="recommendations.update",
            ),
        ),
        migrations.AlterField(
            model_name="update",
            name="confidence",
            field=models.CharField(
                blank=True,
                choices=[("green", "Green"), ("amber", "Amber"), ("red", "Red")],
                max_length=5,
            ),
        ),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                name="update_confidence_fits_status",
                condition=Q(status="implemented") | ~Q(confidence=""),
            ),
        ),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                name="update_no_change_is_open",
                condition=Q(confirms=None)
                | Q(
                    corrects=None,
                    evidence_count=0,
                    status__in=["not_started", "in_progress"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                name="update_contradictions_known",
                condition=Q(
                    confirmed_contradictions__contained_by=[
                        *("green_overdue", "green_late_forecast", "claim_with_blockers"),
                    ]
                ),
            ),
        ),
        migrations.RunSQL(CONFIRMS, UNDO_CONFIRMS),
        migrations.RunSQL(RETURNED, migrations.RunSQL.noop),
    ]
