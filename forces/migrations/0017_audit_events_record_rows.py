"""Events hold the hashes of the rows that they record. Older events keep their content and hashes.

`recorded_rows` is a list of `{"table", "id", "columns", "sha256"}`. The application names the rows,
and the trigger computes the hashes from what the transaction has written. `columns` has a short
hash of each column, which names the ones that were altered later; `sha256` is the proof, and covers
all of them. A column that is added to a table later is not covered for rows written before.

Events of format 2 cannot be verified after migrating back, because their new columns are gone.
"""

from django.db import migrations, models

ROWS = """
CREATE FUNCTION forces_sha256(content jsonb) RETURNS text LANGUAGE sql STABLE STRICT AS $$
    SELECT encode(sha256(convert_to(content::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION forces_row_content(stored anyelement) RETURNS jsonb
LANGUAGE sql STABLE SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
    SELECT to_jsonb(stored)
$$;

CREATE FUNCTION forces_record_row(reference jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    content jsonb;
BEGIN
    EXECUTE format('SELECT forces_row_content(t) FROM %I t WHERE t.id = $1', reference ->> 'table')
        INTO content USING (reference ->> 'id')::bigint;
    IF reference ? 'columns' THEN
        SELECT jsonb_object_agg(name, content -> name) INTO content
        FROM jsonb_array_elements_text(reference -> 'columns') AS name;
    END IF;
    IF content IS NULL THEN
        RAISE EXCEPTION 'An audit event records row % of %, which does not exist.',
            reference ->> 'id', reference ->> 'table'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN jsonb_build_object(
        'table', reference ->> 'table',
        'id', (reference ->> 'id')::bigint,
        'sha256', forces_sha256(content),
        'columns', (SELECT jsonb_object_agg(key, left(forces_sha256(value), 8))
                    FROM jsonb_each(content))
    );
END $$;
"""

UNDO_ROWS = """
DROP FUNCTION forces_record_row(jsonb);
DROP FUNCTION forces_row_content(anyelement);
DROP FUNCTION forces_sha256(jsonb);
"""

CHAIN = """
CREATE OR REPLACE FUNCTION forces_audit_hash(event forces_auditevent) RETURNS bytea
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(CASE WHEN event.format_version = 1 THEN
        jsonb_build_array(
            event.position, event.at, event.actor_id, event.act, event.body_id,
            event.subject_type, event.subject_id, event.details,
            encode(event.previous_hash, 'hex')
        ) || CASE WHEN event.request_id = '' THEN '[]'::jsonb
                  ELSE jsonb_build_array(event.request_id) END
    ELSE
        jsonb_build_array(
            event.format_version, event.position, event.at, event.actor_id, event.act,
            event.body_id, event.subject_type, event.subject_id, event.details,
            event.request_id, event.recorded_rows, encode(event.previous_hash, 'hex')
        )
    END::text, 'UTF8'))
$$;

CREATE OR REPLACE FUNCTION forces_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    IF NEW.recorded_rows <> '[]' THEN
        SELECT jsonb_agg(forces_record_row(reference) ORDER BY place) INTO NEW.recorded_rows
        FROM jsonb_array_elements(NEW.recorded_rows) WITH ORDINALITY AS r (reference, place);
    END IF;
    -- One writer at a time, until its transaction ends: no gap, no fork.
    PERFORM pg_advisory_xact_lock(hashtext('forces_auditevent'));
    SELECT position, hash INTO last FROM forces_auditevent ORDER BY position DESC LIMIT 1;
    NEW.format_version := 2;
    NEW.position := coalesce(last.position, 0) + 1;
    NEW.previous_hash := coalesce(last.hash, ''::bytea);
    NEW.hash := forces_audit_hash(NEW);
    RETURN NEW;
END $$;
"""

CHAIN_BEFORE = """
CREATE OR REPLACE FUNCTION forces_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    -- One writer at a time, until its transaction ends: no gap, no fork.
    PERFORM pg_advisory_xact_lock(hashtext('forces_auditevent'));
    SELECT position, hash INTO last FROM forces_auditevent ORDER BY position DESC LIMIT 1;
    NEW.position := coalesce(last.position, 0) + 1;
    NEW.previous_hash := coalesce(last.hash, ''::bytea);
    NEW.hash := forces_audit_hash(NEW);
    RETURN NEW;
END $$;

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


class Migration(migrations.Migration):
    dependencies = [("forces", "0016_access_changes_revoke_tokens")]

    operations = [
        migrations.AddField(
            "auditevent",
            "recorded_rows",
            models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                editable=False,
            ),
        ),
        migrations.AddField(
            "auditevent",
            "format_version",
            models.PositiveSmallIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.RunSQL(ROWS, UNDO_ROWS),
        migrations.RunSQL(CHAIN, CHAIN_BEFORE),
    ]
