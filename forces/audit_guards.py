"""The functions and triggers of the database that the audit trail relies on."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from forces.models import AuditCoverage, AuditEvent

# The functions that the check relies on, or that refuse changes, and the SHA-256 of their sources.
FUNCTIONS = {
    "forces_audit_chain": "8f29dacd6860ca1ecef170d8d54e7ee27ebdc351cbcb96e4f6db7df248a992bb",
    "forces_audit_hash": "0c6048f34a80072b38cad96fc646704568a65ef0463fec19cdb69360e0e19adf",
    "forces_record_row": "84f297501ef61a6ddb1bb07d2e59451ec980a11d5feb063c582ff81eabee880c",
    "forces_row_content": "de2a08f7636b7051be763fc479c0e18bc3cb7f02c26c599eea340cd6b7c38a0d",
    "forces_sha256": "f49cef5c7ebbaab87ee1e946390722c77651de789e14ac91079e294b24c05be4",
    "refuse_change": "a86d5e66bc7273b7ec2f72e4183883470a79536ad3df8d68a69592670cd07e7c",
    "evidence_belongs_to_its_update": (
        "90def6e0cc863d32e698556f1c4e3f19b00df8ba932132b475d8043302ed85d2"
    ),
}
TRIGGERS = 2  # of each table: for rows, and for TRUNCATE; the trail also has the chain

_FUNCTIONS = """
SELECT proname, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = current_schema()
WHERE proname = ANY(%s)
"""

_TRIGGERS = """
SELECT c.relname, count(*) FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
JOIN pg_proc p ON p.oid = t.tgfoid AND p.proname = ANY(%s)
WHERE c.relname = ANY(%s) AND t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal
GROUP BY c.relname
"""


def covered_tables() -> dict[str, AuditCoverage]:
    """Return the tables whose rows events record."""
    covered = [model for model in apps.get_models() if hasattr(model, "audit_coverage")]
    return {model._meta.db_table: model.audit_coverage for model in covered}


def guard_problems() -> Iterator[str]:
    """Yield a sentence for each function or trigger that is not as the migrations made it."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS, [list(FUNCTIONS)])
        sources = dict(cursor.fetchall())
    for name, expected in FUNCTIONS.items():
        if sources.get(name) != expected:
            yield f"The database function {name} is not the one of the migrations."
    tables = [name for name, covered in covered_tables().items() if covered.is_append_only]
    trail = AuditEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS, [list(FUNCTIONS), [*tables, trail]])
        counts = dict(cursor.fetchall())
    for table in [*tables, trail]:
        if counts.get(table, 0) < TRIGGERS + (table == trail):
            yield f"A trigger of {table} is missing or switched off, so its rows can be changed."
