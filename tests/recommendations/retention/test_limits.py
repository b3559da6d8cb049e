"""A run that would delete too much deletes nothing until an administrator has confirmed it."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from forces.models import AuditEvent, User
from forces.refusal import Refusal
from recommendations.actions.confirm_deletion import confirm_deletion
from recommendations.actions.drafts import open_draft
from recommendations.actions.record_visit import record_visit
from recommendations.evidence import storage
from recommendations.jobs import housekeeping
from recommendations.models import Download, Draft, Evidence, StoppedDeletion, Visit
from recommendations.retention.job import DeletionStopped, apply_retention
from recommendations.retention.limits import MAX_ITEMS
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]
DAY, YEAR = timedelta(days=1), timedelta(days=365)
MANY = MAX_ITEMS + 14


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    options = {"location": str(tmp_path / "evidence"), "file_permissions_mode": 0o600}
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    return tmp_path / "evidence"


def store_old_files(folder: Path, count: int) -> list[UUID]:
    """Files of a month ago, as if their rows were in another database."""
    keys = [uuid4() for _ in range(count)]
    stored_at = (timezone.now() - 30 * DAY).timestamp()
    for key in keys:
        path = folder / key.hex[:2] / str(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(str(key).encode())
        os.utime(path, (stored_at, stored_at))
    return keys


def add_row(draft: Draft, key: UUID) -> Evidence:
    return Evidence.objects.create(
        draft=draft,
        key=key,
        name="plan.txt",
        kind="text/plain",
        size=36,
        sha256=key.hex * 2,
        scan=Evidence.Scan.NOT_SCANNED,
        uploaded_at=timezone.now(),
        uploaded_by=draft.saved_by,
    )


def new_draft() -> Draft:
    officer = OfficerFactory()
    assignment = AssignmentFactory(body=officer.body)
    return open_draft(assignment=assignment, by=officer, at=timezone.now())


def binned() -> set[UUID]:
    return {file.key for file in storage.files_in_bin()}


def confirmed(count: int, *, at) -> str:
    confirm_deletion(count=count, by=None, at=at)
    return housekeeping(at=at)


class TestFiles:
    def test_with_an_empty_database_no_file_is_touched(self, folder):
        keys = store_old_files(folder, MANY)
        for night in range(2):
            sentence = housekeeping(at=timezone.now() + night * DAY)
            assert f"would have deleted {MANY} of {MANY} (Evidence files" in sentence
        assert set(storage.stored_keys()) == set(keys)
        assert binned() == set()
        assert StoppedDeletion.objects.get().count == MANY
        assert AuditEvent.objects.filter(act="deletion of old data stopped").count() == 1

    def test_a_few_files_go_to_the_bin_and_leave_it_after_30_days(self, folder):
        at = timezone.now()
        keys = store_old_files(folder, MAX_ITEMS)
        housekeeping(at=at)
        assert binned() == set(keys)
        assert set(storage.stored_keys()) == set()
        housekeeping(at=at + 30 * DAY)
        assert binned() == set(keys)
        housekeeping(at=at + 31 * DAY)
        assert binned() == set()
        assert [path for path in folder.rglob("*") if path.is_file()] == []

    def test_confirmed_files_go_to_the_bin_and_the_bin_is_not_emptied_at_once_either(self, folder):
        at = timezone.now()
        keys = store_old_files(folder, MANY)
        housekeeping(at=at)
        assert "Deleted: Evidence files" in confirmed(MANY, at=at)
        assert binned() == set(keys)
        assert not StoppedDeletion.objects.exists()
        assert "Nothing was deleted." in housekeeping(at=at + 40 * DAY)
        assert binned() == set(keys)

    def test_opening_a_file_in_the_bin_brings_it_back(self, folder):
        [key] = store_old_files(folder, 1)
        housekeeping(at=timezone.now())
        with storage.open_file(key) as file:
            assert file.read() == str(key).encode()
        assert (binned(), list(storage.stored_keys())) == (set(), [key])

    @pytest.mark.parametrize("how", ["command", "night"])
    def test_files_whose_rows_come_back_come_back(self, folder, how):
        with_row, _ = keys = store_old_files(folder, 2)
        housekeeping(at=timezone.now())
        assert binned() == set(keys)
        add_row(new_draft(), with_row)
        if how == "night":
            housekeeping(at=timezone.now() + 40 * DAY)
            assert binned() == set()  # the other one has gone
        else:
            output = StringIO()
            call_command("restore_evidence", stdout=output)
            assert output.getvalue() == "1 file brought back from the bin.\n"
        assert list(storage.stored_keys()) == [with_row]

    def test_the_command_lists_the_bin_and_brings_back_what_it_is_told(self, folder):
        keys = sorted(store_old_files(folder, 3))
        housekeeping(at=timezone.now())
        output = StringIO()
        call_command("restore_evidence", list=True, stdout=output)
        assert [UUID(line.split()[0]) for line in output.getvalue().splitlines()] == keys
        call_command("restore_evidence", str(keys[0]), stdout=output)
        assert list(storage.stored_keys()) == keys[:1]
        call_command("restore_evidence", all=True, stdout=output)
        assert set(storage.stored_keys()) == set(keys)

    def test_a_killed_run_loses_nothing_and_the_next_one_goes_on(self, folder, monkeypatch):
        at = timezone.now()
        keys = store_old_files(folder, MANY)
        housekeeping(at=at)
        replace, moved = Path.replace, []

        def die_after_ten(source: Path, target: Path) -> Path:
            if len(moved) == 10:
                raise SystemExit
            moved.append(source)
            return replace(source, target)

        monkeypatch.setattr(Path, "replace", die_after_ten)
        with pytest.raises(SystemExit):
            confirmed(MANY, at=at)
        assert len(binned()) == 10
        assert binned() | set(storage.stored_keys()) == set(keys)
        monkeypatch.setattr(Path, "replace", replace)
        housekeeping(at=at + DAY)
        assert binned() == set(keys)

    def test_other_files_in_the_folder_are_left_alone(self, folder):
        store_old_files(folder, 1)
        (folder / "ab").mkdir(exist_ok=True)
        (folder / "ab" / ".nfs0001").write_text("")
        assert "Evidence files" in housekeeping(at=timezone.now())
        assert (folder / "ab" / ".nfs0001").exists()


class TestRows:
    def test_many_drafts_are_not_discarded_and_neither_is_anything_else(self, folder):
        at = timezone.now()
        for _ in range(MANY):
            new_draft()
        visit_of = UserFactory()
        record_visit(by=visit_of, at=at)
        apply_retention(at=at)
        User.objects.update(is_active=False)
        apply_retention(at=at)
        with pytest.raises(DeletionStopped, match=f"{MANY} of {MANY} \\(Drafts"):
            apply_retention(at=at + YEAR + DAY)
        assert (Draft.objects.count(), Visit.objects.count()) == (MANY, 1)
        confirmed(MANY, at=at + YEAR + DAY)
        assert (Draft.objects.count(), Visit.objects.count()) == (0, 0)

    def test_people_keep_their_names(self, folder):
        at = timezone.now()
        for number in range(MANY):
            UserFactory(name=f"Leaver {number}", is_active=False)
        apply_retention(at=at)
        with pytest.raises(DeletionStopped, match="Names, former names and addresses"):
            apply_retention(at=at + 2 * YEAR + DAY)
        assert User.objects.filter(name__startswith="Leaver").count() == MANY

    @pytest.mark.parametrize(("old", "is_stopped"), [(0.3, False), (0.6, True)])
    def test_downloads_may_come_and_go_but_not_most_of_them_at_once(self, folder, old, is_stopped):
        """They last for seven days, so a seventh of them goes each night."""
        now, person = timezone.now(), UserFactory()
        total = 4 * MAX_ITEMS
        old_count = round(old * total)
        for number in range(total):
            asked_at = now - 8 * DAY if number < old_count else now
            Download.objects.create(
                kind="updates", file_type="csv", asked_by=person, for_role=person.role,
                asked_at=asked_at, moved_at=asked_at,
            )  # fmt: skip
        assert ("Nothing was deleted" in housekeeping(at=now)) is is_stopped
        assert Download.objects.count() == (total if is_stopped else total - old_count)

    def test_sessions_end_every_day(self, folder):
        now = timezone.now()
        for number in range(MANY):
            Session.objects.create(session_key=f"s{number}", session_data="", expire_date=now)
        housekeeping(at=now + DAY)
        assert not Session.objects.exists()


class TestConfirmation:
    def test_it_is_for_the_number_that_was_shown(self, folder):
        at = timezone.now()
        with pytest.raises(Refusal, match="No deletion is waiting"):
            confirm_deletion(count=1, by=None, at=at)
        store_old_files(folder, MANY)
        housekeeping(at=at)
        with pytest.raises(Refusal, match=f"about {MANY} items now, not {MANY + 1}"):
            confirm_deletion(count=MANY + 1, by=None, at=at)
        confirm_deletion(count=MANY, by=None, at=at)
        with pytest.raises(Refusal, match="already been confirmed"):
            confirm_deletion(count=MANY, by=None, at=at)

    @pytest.mark.parametrize(("more", "later"), [(1, 0 * DAY), (0, 3 * DAY)])
    def test_it_does_not_cover_more_items_and_expires(self, folder, more, later):
        at = timezone.now()
        store_old_files(folder, MANY)
        housekeeping(at=at)
        store_old_files(folder, more)
        assert "Nothing was deleted" in confirmed(MANY, at=at) if more else True
        if later:
            confirm_deletion(count=MANY, by=None, at=at)
            assert "Nothing was deleted" in housekeeping(at=at + later)
        assert binned() == set()
        stop = StoppedDeletion.objects.get()
        assert (stop.count, stop.confirmed_at) == (MANY + more, None)

    def test_the_command_stops_and_takes_the_number(self, folder):
        keys = store_old_files(folder, MANY)
        output = StringIO()
        call_command("apply_retention", dry_run=True, stdout=output)
        assert f"use --confirm {MANY}" in output.getvalue()
        with pytest.raises(CommandError, match="Nothing was deleted"):
            call_command("apply_retention", stdout=output)
        with pytest.raises(CommandError, match=f"about {MANY} items now"):
            call_command("apply_retention", confirm=999_999, stdout=output)
        assert set(storage.stored_keys()) == set(keys)
        call_command("apply_retention", confirm=MANY, stdout=output)
        assert binned() == set(keys)
        assert AuditEvent.objects.get(act="deletion of old data confirmed").details["count"] == MANY
