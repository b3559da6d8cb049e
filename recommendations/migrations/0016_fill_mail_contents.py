"""What was sent moves from the digests to contents of their own; 0017 makes it firm.

A migration of its own: PostgreSQL alters no table that has changed in the same transaction.
Backwards, rows that the old shape cannot hold (tests, news, second tries, weeks without a mail)
are deleted.
"""

from django.db import migrations

FILL = """
INSERT INTO recommendations_mailcontent (id, subject, text, html, fields, made_at)
SELECT id, subject, text, html, '{}', made_at FROM recommendations_digest;

SELECT setval(
    pg_get_serial_sequence('recommendations_mailcontent', 'id'),
    (SELECT coalesce(max(id), 0) + 1 FROM recommendations_mailcontent),
    false
);

UPDATE recommendations_outboxmail m
SET content_id = d.id, reader_id = d.reader_id, reader_name = u.name, created_at = d.made_at
FROM recommendations_digest d JOIN forces_user u ON u.id = d.reader_id
WHERE d.id = m.digest_id;

UPDATE recommendations_digest SET since = "on" - 7;
"""

EMPTY = """
UPDATE recommendations_news SET mail_id = NULL;

DELETE FROM recommendations_outboxmail m
WHERE m.digest_id IS NULL OR EXISTS (
    SELECT FROM recommendations_outboxmail later
    WHERE later.digest_id = m.digest_id AND later.id > m.id
);

UPDATE recommendations_outboxmail
SET state = CASE WHEN state = 'held' THEN 'waiting' ELSE 'refused' END, sent_at = NULL
WHERE state NOT IN ('waiting', 'sent', 'refused');

DELETE FROM recommendations_digest d
WHERE NOT EXISTS (SELECT FROM recommendations_outboxmail m WHERE m.digest_id = d.id);

UPDATE recommendations_digest d
SET subject = c.subject, text = c.text, html = c.html
FROM recommendations_outboxmail m JOIN recommendations_mailcontent c ON c.id = m.content_id
WHERE m.digest_id = d.id;

UPDATE recommendations_outboxmail SET content_id = NULL;

DELETE FROM recommendations_mailcontent;
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0015_mail_and_jobs")]

    operations = [migrations.RunSQL(FILL, EMPTY)]
