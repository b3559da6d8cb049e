"""Saved views of a recommendation's latest updates get the page's new URL."""

from django.db import migrations

MOVE = r"""
UPDATE recommendations_savedview
SET address = regexp_replace(address, '^(/recommendations/[0-9]+/){}/', '\1{}/')
WHERE address ~ '^/recommendations/[0-9]+/{}/'
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0026_name_email_relations")]

    operations = [
        migrations.RunSQL(
            MOVE.format("accounts", "latest-updates", "accounts"),
            MOVE.format("latest-updates", "accounts", "latest-updates"),
        )
    ]
