from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("usersessions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE usersessions_usersession ADD COLUMN later integer",
            "ALTER TABLE usersessions_usersession DROP COLUMN later",
        )
    ]
