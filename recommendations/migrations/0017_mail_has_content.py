"""Every mail has its reader and its content; the digests' own columns go."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0016_fill_mail_contents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("digest", "since", models.DateField()),
        migrations.AddConstraint(
            "digest",
            models.CheckConstraint(
                condition=models.Q(since__lte=models.F("on")), name="digest_tells_of_days"
            ),
        ),
        migrations.AlterField("outboxmail", "created_at", models.DateTimeField()),
        migrations.AlterField("outboxmail", "reader_name", models.CharField(max_length=120)),
        migrations.AlterField(
            "outboxmail",
            "reader",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "outboxmail",
            "content",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="recommendations.mailcontent",
            ),
        ),
        # A default, so that the way back has something to write into the rows that are there.
        migrations.AlterField("digest", "subject", models.CharField(default="", max_length=200)),
        migrations.AlterField("digest", "text", models.TextField(default="")),
        migrations.AlterField("digest", "html", models.TextField(default="")),
        migrations.RemoveField("digest", "subject"),
        migrations.RemoveField("digest", "text"),
        migrations.RemoveField("digest", "html"),
    ]
