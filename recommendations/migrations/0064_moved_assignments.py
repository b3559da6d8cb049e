"""Assignments of an organisation that ends move to its successor, with the latest answers."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

KINDS = [
    ("superseded", "Superseded"),
    ("no_further_action", "No further action"),
    ("not_accepted", "Not accepted"),
    ("entered_in_error", "Entered in error"),
    ("moved", "Moved"),
]

NEEDS_APPROVAL = """
CREATE OR REPLACE FUNCTION update_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved_by_id IS NULL AND NEW.confirms_id IS NULL AND EXISTS (
        SELECT FROM recommendations_assignment a JOIN forces_body b ON b.id = a.body_id
        WHERE a.id = NEW.assignment_id AND b.requires_approval
    ){exception} THEN
        RAISE EXCEPTION 'Update % of assignment % has not been approved by a chief officer.',
            NEW.number, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
# What an organisation that ends had reported is the first update of its successor.
EXCEPTION = """ AND NOT (NEW.number = 1 AND EXISTS (
        SELECT FROM recommendations_assignment own
        JOIN recommendations_assignment former ON former.recommendation_id = own.recommendation_id
        JOIN recommendations_withdrawal w ON w.assignment_id = former.id
        JOIN recommendations_ending e ON e.withdrawal_id = w.id AND e.kind = 'moved'
        WHERE own.id = NEW.assignment_id AND own.assigned_at = NEW.submitted_at
          AND w.withdrawn_at = NEW.submitted_at AND w.withdrawn_by_id = NEW.submitted_by_id
    ))"""


class Migration(migrations.Migration):
    lint_exceptions = {
        "ban-drop-constraint": "It is replaced by a wider one in the same transaction.",
    }

    dependencies = [
        ("recommendations", "0063_inspections_of_imports"),
        ("forces", "0036_ends_of_organisations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=KINDS,
                db_default="",
                default="",
                editable=False,
                help_text="Why it was withdrawn, if somebody has said so.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="ending",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20),
        ),
        migrations.RemoveConstraint(model_name="ending", name="ending_kind_known"),
        AddConstraintNotValid(
            model_name="ending",
            constraint=models.CheckConstraint(
                name="ending_kind_known",
                condition=models.Q(kind__in=[kind for kind, _ in KINDS]),
            ),
        ),
        migrations.RunSQL(
            NEEDS_APPROVAL.format(exception=EXCEPTION), NEEDS_APPROVAL.format(exception="")
        ),
    ]
