"""What is old goes, once; what is not old, or is part of the record, stays."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command

from forces import audit
from forces.models import ApiToken, AuditEvent, CalendarFeed, Departure, User
from recommendations.actions.api_tokens import make_token
from recommendations.actions.calendar_feeds import make_calendar_feed, revoke_calendar_feed
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.email_preferences import choose_mail
from recommendations.actions.hold_claim import hold_claim
from recommendations.actions.record_visit import note_visit
from recommendations.actions.request_download import ask_for_download
from recommendations.actions.saved_views import save_view
from recommendations.imports import batches, template
from recommendations.models import (
    Digest,
    Download,
    Draft,
    ImportBatch,
    MailChoice,
    MailContent,
    OutboxMail,
    ReviewHold,
    SavedView,
    Update,
    Visit,
)
from recommendations.positions import positions
from recommendations.retention import expiry
from recommendations.retention.job import NotAllCarriedOut, keep_retention, would_go
from tests.factories import OfficerFactory, UserFactory
from tests.recommendations.retention.week import a_digest_week
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
DAY, YEAR = timedelta(days=1), timedelta(days=365)


@pytest.fixture
def world() -> World:
    return make_world()


def went(at) -> dict[str, int]:
    """What went, by the first words of its rule."""
    return {rule.what.split(",")[0].split(":")[0]: count for rule, count in keep_retention(at=at)}


class TestDrafts:
    def draft(self, world: World, by: User) -> Draft:
        draft = open_draft(assignment=world.assignment("Kent", 2), by=by, at=world.now)
        answers = {"account": "Half a page."}
        return save_draft(draft=draft, version=draft.version, by=by, at=world.now, **answers)

    def test_an_officer_who_is_there_never_loses_what_was_typed(self, world):
        self.draft(world, world.officer)
        keep_retention(at=world.now + 9 * YEAR)
        assert Draft.objects.get().account == "Half a page."

    @pytest.mark.parametrize("left", [{"is_active": False}, {"body": None, "role": "analyst"}])
    def test_who_left_the_body_left_it_for_a_year(self, world, left):
        self.draft(world, world.officer)
        User.objects.filter(pk=world.officer.pk).update(**left)
        keep_retention(at=world.now + YEAR)
        assert Draft.objects.exists()
        keep_retention(at=world.now + YEAR + DAY)
        assert not Draft.objects.exists()
        event = AuditEvent.objects.get(act="draft discarded")
        assert (event.actor, event.body) == (None, world.forces["Kent"])

    def test_a_colleague_who_goes_on_with_it_keeps_it(self, world):
        draft = self.draft(world, world.officer)
        colleague = OfficerFactory(body=world.forces["Kent"])
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        save_draft(
            draft=draft, version=draft.version, by=colleague, at=world.now, account="A page."
        )
        keep_retention(at=world.now + 2 * YEAR)
        assert Draft.objects.get().account == "A page."


class TestKeysAndFiles:
    def test_keys_go_a_year_after_they_opened_nothing_any_more(self, world):
        officer, now, kent = world.officer, world.now, world.forces["Kent"]
        make_token(name="Short", lasts=9 * DAY, by=officer, at=now)
        make_token(name="Long", lasts=YEAR, by=officer, at=now)
        make_calendar_feed(body=kent, by=officer, at=now)
        make_calendar_feed(body=world.forces["Essex"], by=officer, at=now)
        revoke_calendar_feed(body=kent, by=officer, at=now)
        keep_retention(at=now + YEAR + 10 * DAY)
        assert ApiToken.objects.get().name == "Long"
        assert CalendarFeed.objects.get().body == world.forces["Essex"]

    def test_an_import_keeps_its_fingerprint_and_loses_its_file(self, world):
        content = "".join(template.as_csv(world.inspection)).encode()
        for state in ("done", "checked"):
            batch = batches.take_in(content=content, name="a.csv", by=world.analyst, at=world.now)
            batches.check(batch.pk, at=world.now)
            ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        keep_retention(at=world.now + 90 * DAY)
        assert not ImportBatch.objects.filter(content=b"").exists()
        keep_retention(at=world.now + 91 * DAY)
        kept = ImportBatch.objects.order_by("pk").values_list("state", "content", "results")
        assert [(state, bytes(file), rows) for state, file, rows in kept] == [
            ("done", b"", []),
            ("discarded", b"", []),
        ]
        again = batches.take_in(content=content, name="b.csv", by=world.analyst, at=world.now)
        assert batches.earlier(again) is not None

    def test_sessions_downloads_holds_and_the_admin_s_own_log_go(self, world, client):
        client.force_login(world.analyst)
        ask_for_download(
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
        keep_retention(at=world.now)
        assert [model.objects.count() for model in models] == [1, 1, 1, 1]
        keep_retention(at=world.now + YEAR + DAY)
        assert [model.objects.count() for model in models] == [0, 0, 0, 0]


class TestPeopleWhoLeft:
    def test_they_are_noted_and_who_comes_back_is_not(self, world):
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        keep_retention(at=world.now)
        keep_retention(at=world.now + DAY)
        assert Departure.objects.get().left_at == world.now
        User.objects.filter(pk=world.officer.pk).update(is_active=True)
        keep_retention(at=world.now + 2 * DAY)
        assert not Departure.objects.exists()

    def test_their_views_and_choices_go_after_ninety_days(self, world):
        for person in (world.officer, world.analyst):
            view = {"is_pinned": False, "is_shared": True, "by": person, "at": world.now}
            save_view(name="Mine", address="/heatmap/", **view)
            choose_mail(reader=person, weekly="never", at_once=True, by=person, at=world.now)
            note_visit(by=person, at=world.now)
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        keep_retention(at=world.now)
        keep_retention(at=world.now + 89 * DAY)
        assert SavedView.objects.count() == MailChoice.objects.count() == 2
        keep_retention(at=world.now + 91 * DAY)
        assert SavedView.objects.get().owner == world.analyst
        assert MailChoice.objects.get().reader == Visit.objects.get().person == world.analyst

    def test_after_two_years_a_number_stands_for_the_name(self, world):
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        keep_retention(at=world.now)
        keep_retention(at=world.now + 2 * YEAR)
        world.officer.refresh_from_db()
        assert world.officer.name == "Kay Ent"
        keep_retention(at=world.now + 2 * YEAR + DAY)
        world.officer.refresh_from_db()
        assert world.officer.name == f"Former liaison officer {world.officer.pk}"
        assert AuditEvent.objects.get(act="person removed").actor is None


class TestTheRun:
    def test_the_record_stays_for_good(self, world):
        a_digest_week(world)
        tables = (Update, AuditEvent, Digest)
        before = [list(model.objects.order_by("pk").values()) for model in tables]
        keep_retention(at=world.now + 50 * YEAR)
        assert [list(model.objects.order_by("pk").values()) for model in tables] == before
        assert audit.first_broken_link() is None
        assert positions.differing() == []

    def test_a_second_run_finds_nothing(self, world):
        a_digest_week(world)
        UserFactory(is_active=False)
        keep_retention(at=world.now)
        at = world.now + 5 * YEAR
        assert sum(count for _, count in keep_retention(at=at)) > 0
        assert sum(count for _, count in keep_retention(at=at)) == 0
        assert sum(count for _, count in would_go(at=at)) == 0

    def test_slices_do_the_same(self, world, monkeypatch):
        for _ in range(5):
            note_visit(by=UserFactory(is_active=False), at=world.now)
        keep_retention(at=world.now)
        monkeypatch.setattr(expiry.Rows, "_after", _two_at_a_time(expiry.Rows._after))
        assert went(world.now + YEAR)["Saved views"] == 5
        assert not Visit.objects.exists()

    def test_a_dry_run_tells_the_same_and_writes_nothing(self, world):
        a_digest_week(world)
        OutboxMail.objects.update(created_at=world.now - 2 * YEAR)
        MailContent.objects.update(made_at=world.now - 2 * YEAR)
        said = StringIO()
        call_command("keep_retention", dry_run=True, stdout=said)
        told = {line.split("  ")[0]: line for line in said.getvalue().splitlines()}
        mails = OutboxMail.objects.count() + MailContent.objects.count()
        line = told["Mails: your name and address on them, and what they said"]
        assert f" {mails} " in line
        assert "1 year after it was made" in line
        assert "Nothing was written." in said.getvalue()
        assert not OutboxMail.objects.filter(address="").exists()
        call_command("keep_retention", stdout=said)
        assert not OutboxMail.objects.exclude(address="").exists()

    def test_one_rule_that_fails_does_not_stop_the_others(self, world, settings, tmp_path):
        """The evidence storage is away: a file stands where its folder was."""
        (tmp_path / "file").write_text("")
        settings.STORAGES = settings.STORAGES | {
            "evidence": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(tmp_path / "file")},
            }
        }
        note_visit(by=UserFactory(is_active=False), at=world.now)
        Departure.objects.create(person=Visit.objects.get().person, left_at=world.now)
        with pytest.raises(NotAllCarriedOut, match="Evidence files"):
            keep_retention(at=world.now + YEAR)
        assert not Visit.objects.exists()


def _two_at_a_time(after):
    return lambda self, last, *, before: after(self, last, before=before)[:2]
