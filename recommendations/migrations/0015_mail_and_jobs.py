"""Mail of three kinds, what each reader wants, and how the jobs went.

The old columns stay, and the new ones are empty, until 0016 has filled them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0014_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestWeek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("iso_year", models.PositiveSmallIntegerField(verbose_name="ISO year")),
                ("iso_week", models.PositiveSmallIntegerField(verbose_name="ISO week")),
                ("held_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "ordering": ["-iso_year", "-iso_week"],
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task_id", models.CharField(max_length=60, unique=True)),
                ("job", models.CharField(max_length=60)),
                ("arguments", models.JSONField(default=list)),
                ("worker", models.CharField(blank=True, default="", max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("parked", "Parked"),
                            ("lost", "Never ended"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("said", models.TextField(blank=True, default="")),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekly",
                    models.CharField(
                        choices=[
                            ("always", "Every week"),
                            ("overdue", "Only when something is overdue"),
                            ("never", "Never"),
                        ],
                        default="overdue",
                        max_length=10,
                    ),
                ),
                ("at_once", models.BooleanField(default=True)),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("refused_address", models.CharField(blank=True, default="", max_length=254)),
                ("bouncing_since", models.DateTimeField(null=True)),
                ("last_refusal", models.CharField(blank=True, default="", max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="MailContent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("fields", models.JSONField(default=dict, help_text="The same for GOV.UK Notify.")),
                (
                    "picture",
                    models.BinaryField(help_text="PNG, shown by its content id.", null=True),
                ),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="News",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("claim_returned", "Claim returned"),
                            ("more_time", "Request for more time decided"),
                            ("answered", "Question answered"),
                            ("review_late", "Review late"),
                        ],
                        max_length=20,
                    ),
                ),
                ("event_id", models.BigIntegerField()),
                ("happened_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "news",
            },
        ),
        migrations.RemoveConstraint(
            model_name="outboxmail",
            name="outbox_sent_has_time",
        ),
        migrations.RemoveIndex(
            model_name="outboxmail",
            name="outbox_waiting",
        ),
        migrations.AddField(
            model_name="digest",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("mailed", "Mail made"),
                    ("nothing_overdue", "Nothing overdue, so no mail"),
                    ("unwanted", "Wants no weekly mail"),
                    ("bouncing", "No mail: the address bounces"),
                ],
                default="mailed",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="digest",
            name="since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="parked_in",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="claimed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="crashes",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="created_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "Weekly digest"),
                    ("at_once", "News at once"),
                    ("test", "Test"),
                ],
                default="digest",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="provider_id",
            field=models.CharField(
                blank=True, default="", help_text="How GOV.UK Notify names it.", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="reader",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="reader_name",
            field=models.CharField(default="", max_length=120),
        ),
        migrations.AlterField(
            model_name="download",
            name="for_role",
            field=models.CharField(
                choices=[
                    ("analyst", "Home Office analyst"),
                    ("liaison_officer", "Force liaison officer"),
                    ("chief_officer", "Chief officer"),
                    ("observer", "Observer"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "Being checked"),
                    ("checked", "Checked, not confirmed"),
                    ("writing", "Being written"),
                    ("done", "Imported"),
                    ("discarded", "Dropped"),
                    ("parked", "Parked: working on it fails"),
                ],
                default="checking",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="digest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="recommendations.digest",
            ),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("held", "Held back"),
                    ("sent", "Sent"),
                    ("refused", "Refused"),
                    ("bounced", "Bounced"),
                    ("expired", "Given up after three days"),
                    ("parked", "Parked: sending it fails"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="digestweek",
            name="held_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="jobrun",
            index=models.Index(fields=["job", "-started_at"], name="job_run_latest"),
        ),
        migrations.AddIndex(
            model_name="jobrun",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "parked", "lost"])),
                fields=["-started_at"],
                name="job_run_unhappy",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state", "running")),
                    models.Q(
                        models.Q(("state", "running"), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="job_run_ends",
            ),
        ),
        migrations.AddField(
            model_name="mailchoice",
            name="reader",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mail_choice",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="content",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="recommendations.mailcontent",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["next_attempt_at", "id"],
                name="outbox_is_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(fields=["reader", "-created_at"], name="outbox_of_a_reader"),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(fields=["created_at"], name="outbox_by_time"),
        ),
        migrations.AddConstraint(
            model_name="outboxmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state__in", ["sent", "bounced"])),
                    models.Q(
                        ("sent_at", None),
                        ("state__in", ["waiting", "held", "refused", "expired", "parked"]),
                    ),
                    _connector="OR",
                ),
                name="outbox_sent_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", False), ("kind", "digest")),
                    models.Q(("digest", None), ("kind__in", ["at_once", "test"])),
                    _connector="OR",
                ),
                name="outbox_digest_has_its_row",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmail",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("digest__isnull", False), ("state__in", ("waiting", "held", "parked", "sent"))
                ),
                fields=("digest",),
                name="outbox_one_live_mail_a_digest",
            ),
        ),
        migrations.AddField(
            model_name="news",
            name="mail",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="news",
                to="recommendations.outboxmail",
            ),
        ),
        migrations.AddField(
            model_name="news",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="news",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="digestweek",
            constraint=models.UniqueConstraint(
                fields=("iso_year", "iso_week"), name="digest_week_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="digestweek",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_at", None), ("held_by", None), ("reason", "")),
                    models.Q(
                        ("held_at__isnull", False),
                        ("held_by__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="digest_week_held_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bouncing_since", None),
                    models.Q(("refused_address", ""), _negated=True),
                    _connector="OR",
                ),
                name="mail_choice_bounce_names_address",
            ),
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(
                condition=models.Q(("told_at__isnull", True)), fields=["reader"], name="news_untold"
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.UniqueConstraint(
                fields=("reader", "kind", "event_id"), name="news_once_a_reader"
            ),
        ),
    ]
