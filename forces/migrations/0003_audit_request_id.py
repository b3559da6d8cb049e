"""Events of one request share an id, which their hashes cover; older rows keep their hashes."""

from django.db import migrations, models

HASH = """
CREATE OR REPLACE FUNCTION forces_audit_hash(event forces_auditevent) RETURNS bytea
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to((jsonb_build_array(
        event.position, event.at, event.actor_id, event.act, event.body_id,
        event.subject_type, event.subject_id, event.details,
        encode(event.previous_hash, 'hex')
    ) || CASE WHEN event.request_id = '' THEN '[]'::jsonb
              ELSE jsonb_build_array(event.request_id) END)::text, 'UTF8'))
$$;
"""

HASH_BEFORE = """
CREATE OR REPLACE FUNCTION forces_audit_hash(event forces_auditevent) RETURNS bytea
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        event.position, event.at, event.actor_id, event.act, event.body_id,
        event.subject_type, event.subject_id, event.details,
        encode(event.previous_hash, 'hex')
    )::text, 'UTF8'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("forces", "0002_append_only_audit")]

    operations = [
        migrations.AddField(
            "auditevent",
            "request_id",
            models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.RunSQL(HASH, HASH_BEFORE),
        migrations.AddIndex(
            "auditevent", models.Index(fields=["-at", "-position"], name="audit_at")
        ),
        migrations.AddIndex(
            "auditevent",
            models.Index(
                fields=["request_id"], name="audit_request", condition=~models.Q(request_id="")
            ),
        ),
    ]
