"""People can act for several organisations: memberships with dates."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

# Two memberships of a person in the same organisation never give access on the same day. Ranges of
# one key, because GiST has no operator class for integers without an extension.
NO_OVERLAP = """
ALTER TABLE forces_membership ADD CONSTRAINT membership_no_overlap EXCLUDE USING gist (
    int8range(person_id, person_id, '[]') WITH &&,
    int8range(coalesce(body_id, 0), coalesce(body_id, 0), '[]') WITH &&,
    daterange(least(from_on, until_on), until_on, '[]') WITH &&
) WHERE (ended_at IS NULL);
"""
OVERLAP = "ALTER TABLE forces_membership DROP CONSTRAINT membership_no_overlap;"

# A membership that has ended stays as it was: history is not rewritten.
GUARD = """
CREATE FUNCTION forces_membership_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
        OR (OLD.person_id, OLD.role, OLD.from_on) IS DISTINCT FROM
           (NEW.person_id, NEW.role, NEW.from_on)
        OR OLD.body_id IS DISTINCT FROM NEW.body_id
    THEN
        RAISE EXCEPTION 'Memberships are not rewritten: end one and add another.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER membership_guard BEFORE UPDATE OR DELETE ON forces_membership
    FOR EACH ROW EXECUTE FUNCTION forces_membership_guard();
"""
NO_GUARD = """
DROP TRIGGER membership_guard ON forces_membership;
DROP FUNCTION forces_membership_guard();
"""


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The table is new and empty.",
        "require-concurrent-index-creation": "The same.",
        "constraint-missing-not-valid": "The same.",
    }

    dependencies = [("forces", "0020_require_approval")]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("is_main", models.BooleanField(default=False, editable=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("hand", "By hand"), ("provider", "By single sign-on")],
                        default="hand",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="forces.body",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["person", "from_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        name="membership_one_main",
                        fields=["person"],
                        condition=Q(is_main=True, ended_at=None),
                    ),
                    models.CheckConstraint(
                        name="membership_ends_after_it_begins",
                        condition=Q(until_on=None)
                        | Q(until_on__gte=F("from_on"))
                        | Q(is_main=True),
                    ),
                    models.CheckConstraint(
                        name="membership_body_fits_role",
                        condition=Q(
                            role__in=["liaison_officer", "chief_officer"], body__isnull=False
                        )
                        | Q(role="observer")
                        | Q(role="analyst", body=None)
                        | Q(role="administrator", body=None, is_main=True),
                    ),
                ],
            },
        ),
        migrations.RunSQL(NO_OVERLAP, OVERLAP),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
