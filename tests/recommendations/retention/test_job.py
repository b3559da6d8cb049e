"""Expired data are removed once; other data, and the record of progress, stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command

from forces.audit_check import check_trail
from forces.models import ApiToken, AuditEvent, CalendarFeed, Departure, User
from recommendations.actions.api_tokens import create_token
from recommendations.actions.calendar_feeds import create_calendar_feed, revoke_calendar_feed
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.hold_claim import hold_claim
from recommendations.actions.record_visit import record_visit
from recommendations.actions.request_download import request_download
from recommendations.actions.saved_views import save_view
from recommendations.imports import batches, template
from recommendations.models import (
    Digest,
    Download,
    Draft,
    EmailContent,
    EmailPreference,
    ImportBatch,
    OutboxEmail,
    ReviewHold,
    SavedView,
    Update,
    Visit,
)
from recommendations.positions import positions
from recommendations.retention.expiry import ExpiredRows
from recommendations.retention.job import RetentionIncomplete, apply_retention, plan_expiry
from tests.factories import OfficerFactory, UserFactory
from tests.recommendations.retention.week import a_digest_week
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]
DAY, YEAR = timedelta(days=1), timedelta(days=365)


def removed(at) -> dict[str, int]:
    """Return the numbers of items removed, by the first words of their rule."""
    return {rule.what.split(",")[0].split(":")[0]: count for rule, count in apply_retention(at=at)}


class TestDrafts:
    def draft(self, world: World, by: User) -> Draft:
        draft = open_draft(assignment=world.assignment("Kent", 2), by=by, at=world.now)
        answers = {"account": "Half a page."}
        return save_draft(draft=draft, version=draft.version, by=by, at=world.now, **answers)

    def test_the_draft_of_a_present_officer_never_expires(self, world):
        self.draft(world, world.officer)
        apply_retention(at=world.now + 9 * YEAR)
        assert Draft.objects.get().account == "Half a page."

    @pytest.mark.parametrize("left", [{"is_active": False}, {"body": None, "role": "analyst"}])
    def test_the_draft_of_an_officer_who_left_expires_after_a_year(self, world, left):
        self.draft(world, world.officer)
        User.objects.filter(pk=world.officer.pk).update(**left)
        apply_retention(at=world.now + YEAR)
        assert Draft.objects.exists()
        apply_retention(at=world.now + YEAR + DAY)
        assert not Draft.objects.exists()
        event = AuditEvent.objects.get(act="draft discarded")
        assert (event.actor, event.body) == (None, world.forces["Kent"])

    def test_a_draft_that_a_colleague_saves_does_not_expire(self, world):
        draft = self.draft(world, world.officer)
        colleague = OfficerFactory(body=world.forces["Kent"])
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        save_draft(
            draft=draft, version=draft.version, by=colleague, at=world.now, account="A page."
        )
        apply_retention(at=world.now + 2 * YEAR)
        assert Draft.objects.get().account == "A page."


class TestTokensAndFiles:
    def test_tokens_and_calendar_addresses_go_a_year_after_they_stop_working(self, world):
        officer, now, kent = world.officer, world.now, world.forces["Kent"]
        create_token(name="Short", lasts=9 * DAY, by=officer, at=now)
        create_token(name="Long", lasts=YEAR, by=officer, at=now)
        create_calendar_feed(body=kent, by=officer, at=now)
        create_calendar_feed(body=world.forces["Essex"], by=officer, at=now)
        revoke_calendar_feed(body=kent, by=officer, at=now)
        apply_retention(at=now + YEAR + 10 * DAY)
        assert ApiToken.objects.get().name == "Long"
        assert CalendarFeed.objects.get().body == world.forces["Essex"]

    def test_an_import_loses_its_file_and_keeps_its_fingerprint(self, world):
        content = "".join(template.as_csv(world.inspection)).encode()
        for state in ("done", "checked"):
            batch = batches.create_batch(
                content=content, name="a.csv", by=world.analyst, at=world.now
            )
            batches.check(batch.pk, at=world.now)
            ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        apply_retention(at=world.now + 90 * DAY)
        assert not ImportBatch.objects.filter(content=b"").exists()
        apply_retention(at=world.now + 91 * DAY)
        batches_left = ImportBatch.objects.order_by("pk").values_list("state", "content", "results")
        assert [(state, bytes(file), rows) for state, file, rows in batches_left] == [
            ("done", b"", []),
            ("discarded", b"", []),
        ]
        again = batches.create_batch(content=content, name="b.csv", by=world.analyst, at=world.now)
        assert batches.imported_before(again) is not None

    def test_sessions_downloads_holds_and_the_admin_log_expire(self, world, client):
        client.force_login(world.analyst)
        request_download(
            kind="updates", file_type="csv", parameters={}, by=world.analyst, at=world.now
        )
        hold_claim(claim=world.assignment("Essex", 1).latest_update, by=world.analyst, at=world.now)
        LogEntry.objects.create(
            user=world.administrator,
            content_type=ContentType.objects.get_for_model(User),
            object_repr="Kay",
            action_flag=2,
        )
        models = (Session, Download, ReviewHold, LogEntry)
        apply_retention(at=world.now)
        assert [model.objects.count() for model in models] == [1, 1, 1, 1]
        apply_retention(at=world.now + YEAR + DAY)
        assert [model.objects.count() for model in models] == [0, 0, 0, 0]


class TestPeopleWhoLeft:
    def test_they_are_recorded_and_those_who_come_back_are_not(self, world):
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        apply_retention(at=world.now)
        apply_retention(at=world.now + DAY)
        assert Departure.objects.get().left_at == world.now
        User.objects.filter(pk=world.officer.pk).update(is_active=True)
        apply_retention(at=world.now + 2 * DAY)
        assert not Departure.objects.exists()

    def test_their_views_and_preferences_expire_after_90_days(self, world):
        for person in (world.officer, world.analyst):
            view = {"is_pinned": False, "is_shared": True, "by": person, "at": world.now}
            save_view(name="Mine", address="/heatmap/", **view)
            set_email_preferences(
                reader=person, weekly="never", at_once=True, by=person, at=world.now
            )
            record_visit(by=person, at=world.now)
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        apply_retention(at=world.now)
        apply_retention(at=world.now + 89 * DAY)
        assert SavedView.objects.count() == EmailPreference.objects.count() == 2
        apply_retention(at=world.now + 91 * DAY)
        assert SavedView.objects.get().owner == world.analyst
        assert EmailPreference.objects.get().reader == Visit.objects.get().person == world.analyst

    def test_a_number_replaces_their_name_after_two_years(self, world):
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        apply_retention(at=world.now)
        apply_retention(at=world.now + 2 * YEAR)
        world.officer.refresh_from_db()
        assert world.officer.name == "Kay Ent"
        apply_retention(at=world.now + 2 * YEAR + DAY)
        world.officer.refresh_from_db()
        assert world.officer.name == f"Former liaison officer {world.officer.pk}"
        assert AuditEvent.objects.get(act="person removed").actor is None


class TestTheRun:
    def test_the_record_of_progress_stays_permanently(self, world):
        a_digest_week(world)
        tables = (Update, AuditEvent, Digest)
        before = [list(model.objects.order_by("pk").values()) for model in tables]
        apply_retention(at=world.now + 50 * YEAR)
        assert [list(model.objects.order_by("pk").values()) for model in tables] == before
        assert check_trail().findings == ()
        assert positions.mismatched_ids() == []

    def test_a_second_run_removes_nothing(self, world):
        a_digest_week(world)
        UserFactory(is_active=False)
        apply_retention(at=world.now)
        at = world.now + 5 * YEAR
        assert sum(count for _, count in apply_retention(at=at)) > 0
        assert sum(count for _, count in apply_retention(at=at)) == 0
        assert sum(plan.count for plan in plan_expiry(at=at)) == 0

    def test_several_batches_remove_the_same(self, world, monkeypatch):
        for _ in range(5):
            record_visit(by=UserFactory(is_active=False), at=world.now)
        apply_retention(at=world.now)
        monkeypatch.setattr(ExpiredRows, "_next_keys", _two_at_a_time(ExpiredRows._next_keys))
        assert removed(world.now + YEAR)["Saved views"] == 5
        assert not Visit.objects.exists()

    def test_a_dry_run_prints_the_same_and_writes_nothing(self, world):
        a_digest_week(world)
        OutboxEmail.objects.update(created_at=world.now - 2 * YEAR)
        EmailContent.objects.update(made_at=world.now - 2 * YEAR)
        output = StringIO()
        call_command("apply_retention", dry_run=True, stdout=output)
        lines = {line.split("  ")[0]: line for line in output.getvalue().splitlines()}
        count = OutboxEmail.objects.count() + EmailContent.objects.count()
        line = lines["Emails: your name and address, and their content"]
        assert f" {count} " in line
        assert "1 year after it was created" in line
        assert "Nothing was written." in output.getvalue()
        assert not OutboxEmail.objects.filter(address="").exists()
        call_command("apply_retention", stdout=output)
        assert not OutboxEmail.objects.exclude(address="").exists()

    def test_a_failing_rule_does_not_stop_the_others(self, world, settings, tmp_path):
        """The evidence storage fails: its folder is a file."""
        (tmp_path / "file").write_text("")
        settings.STORAGES = settings.STORAGES | {
            "evidence": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(tmp_path / "file")},
            }
        }
        record_visit(by=UserFactory(is_active=False), at=world.now)
        Departure.objects.create(person=Visit.objects.get().person, left_at=world.now)
        with pytest.raises(RetentionIncomplete, match="Evidence files"):
            apply_retention(at=world.now + YEAR)
        assert not Visit.objects.exists()


def _two_at_a_time(next_keys):
    return lambda self, last_key, *, before: next_keys(self, last_key, before=before)[:2]
