"""Updates are imported from a spreadsheet: first a preview, then all of them or none, once."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from forces.audit_check import check_trail
from forces.models import AuditEvent, Role
from recommendations.imports import batches, template
from recommendations.imports.columns import BODY, HEADINGS, RECOMMENDATION
from recommendations.imports.spreadsheet import read_rows
from recommendations.models import Assignment, ImportBatch, Inspection, Update
from recommendations.positions import positions
from tests.factories import (
    ASSIGNED_AT,
    AssignmentFactory,
    OfficerFactory,
    UserFactory,
    claim,
    send_back,
    submit,
)
from tests.recommendations.evidence.files import HOSTILE, docx
from tests.recommendations.imports.files import FORECAST, LABELS, as_csv, as_xlsx, row
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
URL = "/import/"
State = ImportBatch.State


def upload(client, content: bytes, name: str = "updates.csv"):
    return client.post(URL, {"file": SimpleUploadedFile(name, content)}, follow=True)


def words_of(page) -> str:
    """Return the text of a page without its markup."""
    return " ".join(BeautifulSoup(page.content, "html.parser").get_text(" ").split())


def confirm(client, page):
    url = page.request["PATH_INFO"]
    return client.post(url, {"action": "confirm", "is_right": "yes"}, follow=True)


def test_answers_that_contradict_each_other_are_confirmed_for_the_whole_file(
    analyst_client, assignment
):
    page = upload(analyst_client, as_csv(row(Confidence="Green"), row(Status="Implemented")))
    assert "2 rows have answers that contradict each other" in text_of(page)
    assert "Is this right? Confidence is green, but the forecast date" in text_of(page)
    url = page.request["PATH_INFO"]
    refused = analyst_client.post(url, {"action": "confirm"})
    assert "Confirm that they are right" in text_of(refused)
    assert not Update.objects.exists()
    confirm(analyst_client, page)
    first, second = Update.objects.order_by("number")
    assert first.confirmed_contradictions == ["green_late_forecast"]
    assert second.confirmed_contradictions == ["claim_with_blockers"]
    assert (second.confidence, second.blockers, second.blocker_causes) == ("", "", [])


@pytest.mark.parametrize(
    ("write_file", "name"), [(as_csv, "updates.csv"), (as_xlsx, "updates.xlsx")]
)
def test_a_file_is_previewed_confirmed_and_written_once(
    analyst_client, assignment, analyst, write_file, name
):
    content = write_file(row(), row(Progress="More patrols."))
    page = upload(analyst_client, content, name)
    assert "2 rows: 2 updates and 0 claims would be sent" in text_of(page)
    assert not Update.objects.exists()
    page = confirm(analyst_client, page)
    assert "2 updates and 0 claims were sent" in text_of(page)
    first, second = Update.objects.order_by("number")
    assert (first.account, second.account) == ("Patrols have begun.", "More patrols.")
    assert (first.blocker_causes, first.forecast_on) == (["funding", "training"], FORECAST)
    assert second.submitted_by == analyst
    assignment.refresh_from_db()
    assert assignment.latest_update == second
    assert positions.mismatched_ids() == []
    assert check_trail().findings == ()
    assert AuditEvent.objects.get(act="updates imported").details["count"] == 2
    connection.check_constraints()

    again = upload(analyst_client, content, name)
    assert "The same file was imported" in text_of(again)
    assert confirm(analyst_client, again).status_code in {200, 409}
    assert Update.objects.count() == 2


@pytest.mark.parametrize(
    ("number", "is_accepted"), [("1.", True), ("1. Title", True), ("1.9", False)]
)
def test_a_recommendation_is_a_whole_number(analyst_client, assignment, number, is_accepted):
    page = upload(analyst_client, as_csv(row(number=number)))
    assert ("1 update and 0 claims would be sent" in text_of(page)) == is_accepted


def test_a_repeated_column_is_refused(analyst_client, assignment):
    content = as_csv(row()).decode("utf-8-sig").replace("Next steps", "Progress").encode()
    assert "has the column Progress twice" in text_of(upload(analyst_client, content))


def test_the_template_leaves_out_invalid_characters(analyst_client, assignment):
    submit(assignment, at=ASSIGNED_AT, account="before \uffff after")
    content = analyst_client.get(f"{URL}template.xlsx").content
    assert read_rows(content, name="updates.xlsx")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_damaged_spreadsheet_is_refused_with_a_reason(analyst_client, assignment, part):
    original = zipfile.ZipFile(io.BytesIO(as_xlsx(row())))
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        for name in original.namelist():
            content = original.read(name)
            archive.writestr(name, content[: len(content) // 2] if name == part else content)
    assert "cannot be read" in text_of(upload(analyst_client, damaged.getvalue(), "updates.xlsx"))


def test_unchanged_rows_of_the_template_send_nothing(analyst_client, assignment):
    officer = OfficerFactory(body=assignment.body)
    text = "=1+1 is no _x000D_ formula\nSecond line"
    submit(assignment, at=ASSIGNED_AT, by=officer, account=f"{text}  \n ")
    other = AssignmentFactory(recommendation=assignment.recommendation)
    for name in ("template.xlsx", "template.csv"):
        answer = analyst_client.get(f"{URL}{name}")
        content = b"".join(answer) if answer.streaming else answer.content
        page = upload(analyst_client, content, name)
        assert "2 rows: 0 updates and 0 claims would be sent; 2 with nothing new" in text_of(page)
        assert "No rows have anything new" in text_of(page)
        assert "These columns are not read" not in text_of(page)
        assert "so there is nothing to import" in text_of(confirm(analyst_client, page))
    sheet = load_workbook(io.BytesIO(template.as_workbook(Inspection.objects.get())))["Updates"]
    texts = {cell.value: cell.data_type for line in sheet.iter_rows() for cell in line}
    assert texts[f"{text}  \n ".replace("_x000D_", "_x005F_x000D_")] == "s"
    assert other.body.short_name in texts


@pytest.mark.parametrize(
    ("cells", "heading", "sentence"),
    [
        ({BODY: "Atlantis"}, BODY, "is not a recognised organisation (cell A3)"),
        ({BODY: "Kentt"}, BODY, "Did you mean Kent? (cell A3)"),
        ({BODY: "#REF!"}, BODY, "has #REF! in cell A3"),
        ({RECOMMENDATION: "#N/A"}, RECOMMENDATION, "has #N/A in cell B3"),
        ({"Progress": "#VALUE!"}, "Progress", "has #VALUE! in cell E3"),
        ({"Progress": "TRUE"}, "Progress", "has only TRUE in cell E3"),
        ({"Progress": "45,000"}, "Progress", "has only a number (45,000) in cell E3"),
        ({"Next steps": "########"}, "Next steps", "has ######## in cell F3"),
        ({"Forecast date": "46391"}, "Forecast date", "not the number 46391"),
        ({"Forecast date": "12/31/2031"}, "Forecast date", "Write it as 31/12/2031"),
        ({BODY: ""}, BODY, "is empty"),
        ({RECOMMENDATION: "one"}, RECOMMENDATION, "must be the recommendation's number"),
        ({RECOMMENDATION: 9}, RECOMMENDATION, "Kent has no recommendation 9"),
        ({"Status": "Finished"}, "Status", "must be one of: Not started, In progress"),
        ({"Status": ""}, "Status", "Select the status"),
        ({"Confidence": "Blue"}, "Confidence", "must be one of"),
        ({"Progress": ""}, "Progress", "Enter what progress you have made"),
        ({"Progress": "x" * 4001}, "Progress", "must be 4,000 characters or less"),
        (
            {LABELS["blocker_causes"]: "Weather"},
            LABELS["blocker_causes"],
            "not a recognised blocker",
        ),
        ({"Forecast date": "31/02/2031"}, "Forecast date", "must be a real date"),
        ({"Forecast date": ""}, "Forecast date", "Enter the date you expect to finish"),
        ({"Forecast date": "01/01/2020"}, "Forecast date", "must be today or in the future"),
        ({LABELS["signed_off_by"]: ""}, LABELS["signed_off_by"], "Enter "),
    ],
)
def test_each_error_names_its_row_and_column_and_stops_everything(
    analyst_client, assignment, cells, heading, sentence
):
    page = upload(analyst_client, as_csv(row(), row(**cells)))
    shown = text_of(page)
    assert f"{heading}: " in shown
    assert sentence in shown
    assert "You cannot import this file while rows have errors" in shown
    assert confirm(analyst_client, page).status_code == 409
    assert not Update.objects.exists()


def test_only_the_rows_with_errors_are_shown_if_asked_for(analyst_client, assignment):
    page = upload(analyst_client, as_csv(row(), row(Status="Nearly")))
    assert len(page.context["page"]) == 2
    shown = analyst_client.get(page.request["PATH_INFO"], {"only": "errors"})
    assert [item.number for item in shown.context["page"]] == [3]
    assert "Show all rows" in text_of(shown)


def test_a_claim_prevents_later_rows_of_the_same_assignment(analyst_client, assignment, analyst):
    page = upload(analyst_client, as_csv(row(Status="Implemented"), row(Progress="And more.")))
    assert "A claim is waiting for review" in text_of(page)
    page = upload(analyst_client, as_csv(row(Status="Implemented", **{"Forecast date": ""})))
    assert "0 updates and 1 claim would be sent" in text_of(page)
    confirm(analyst_client, page)
    update = Update.objects.get()
    assert update.is_claim
    send_back(update, at=timezone.now(), by=analyst)
    again = upload(
        analyst_client, as_csv(row(Status="Implemented", **{"Forecast date": "1/1/2040"}))
    )
    assert "No rows have anything new" in text_of(again)


def test_an_import_is_checked_again_if_anything_has_changed(analyst_client, assignment):
    page = upload(analyst_client, as_csv(row()))
    claim(assignment, at=timezone.now())
    page = confirm(analyst_client, page)
    shown = text_of(page)
    assert "Something has changed since the check" in shown
    assert "A claim is waiting for review" in shown
    assert Update.objects.count() == 1


def test_the_file_of_a_cancelled_import_is_deleted(analyst_client, assignment):
    page = upload(analyst_client, as_csv(row()))
    url = page.request["PATH_INFO"]
    assert "Import cancelled" in text_of(
        analyst_client.post(url, {"action": "discard"}, follow=True)
    )
    assert analyst_client.post(url, {"action": "confirm"}).status_code == 409
    assert bytes(ImportBatch.objects.get().content) == b""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "does not have the columns Organisation, Recommendation, Status"),
        (as_csv(), "has no rows below the headings"),
        (as_csv(*[row()] * 10_001), "has more than 10,000 rows"),
        (b"\x00\x01" * 50, "must be a spreadsheet"),
        (docx(), "must be a spreadsheet"),
        (HOSTILE["bomb.docx"][0], "is much larger when unpacked"),
        (HOSTILE["entities.docx"][0], "definitions"),
        (HOSTILE["macros.docx"][0], "macros"),
    ],
)
def test_an_unusable_file_is_refused_with_a_reason_and_not_stored(analyst_client, content, why):
    AssignmentFactory()
    assert why in text_of(upload(analyst_client, content, "updates.xlsx"))
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("role", [Role.CHIEF_OFFICER, Role.OBSERVER, Role.ADMINISTRATOR])
def test_only_analysts_import_for_all(client, assignment, analyst, role):
    batch = batches.create_batch(content=as_csv(row()), name="a.csv", by=analyst, at=timezone.now())
    body = assignment.body if role == Role.CHIEF_OFFICER else None
    client.force_login(UserFactory(role=role, body=body))
    for url in (URL, f"{URL}template.csv", f"{URL}template.xlsx", batch.get_absolute_url()):
        assert client.get(url).status_code == 404
    assert client.post(batch.get_absolute_url(), {"action": "confirm"}).status_code == 404


def test_a_large_file_is_processed_by_a_task_with_progress(analyst_client, assignment):
    rows = [row(Progress=f"Step {number}.") for number in range(2_000)]
    page = upload(analyst_client, as_csv(*rows))
    assert "Checking rows" in text_of(page)
    batch = ImportBatch.objects.get()
    part = analyst_client.get(batch.get_absolute_url(), headers={"HX-Request": "true"})
    assert "<title>" not in text_of(part)
    batches.check(batch.pk, at=timezone.now())
    assert batches.progress(batch) == 2_000
    page = analyst_client.get(batch.get_absolute_url())
    assert "2,000 rows: 2,000 updates" in text_of(page)
    assert "Importing updates" in text_of(confirm(analyst_client, page))
    stalled = timezone.now() + timedelta(minutes=3)
    assert batches.resume(at=stalled) == 1  # as the scheduled task does after a killed worker
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert Update.objects.count() == 2_000
    assert Assignment.objects.get().latest_update.number == 2_000
    assert check_trail().findings == ()
    assert positions.mismatched_ids() == []
    assert batches.resume(at=stalled + timedelta(hours=1)) == 0


def test_the_pages_need_a_constant_number_of_queries(
    analyst_client, assignment, django_assert_max_num_queries
):
    upload(analyst_client, as_csv(*(row(Progress=f"{number}") for number in range(120))))
    with django_assert_max_num_queries(7):
        analyst_client.get(URL)
    with django_assert_max_num_queries(8):
        analyst_client.get(reverse("import_batch", args=[ImportBatch.objects.get().pk]))


def test_a_finished_import_cannot_be_cancelled(analyst_client, assignment):
    page = confirm(analyst_client, upload(analyst_client, as_csv(row())))
    url = page.request["PATH_INFO"]
    again = analyst_client.post(url, {"action": "discard"})
    assert again.status_code == 409
    assert "you cannot cancel it" in text_of(again)
    assert "Nothing was imported" not in text_of(again)
    assert ImportBatch.objects.get().state == State.DONE


def test_the_preview_shows_each_answer_before_and_after(analyst_client, assignment):
    submit(assignment, at=ASSIGNED_AT, account="Patrols have begun.", forecast_on=FORECAST)
    other = AssignmentFactory(recommendation=assignment.recommendation, body__short_name="Essex")
    submit(other, at=ASSIGNED_AT)
    changed = row(Progress="More patrols.", **{"Forecast date": "4 January 2032"})
    content = b"".join(analyst_client.get(f"{URL}template.csv").streaming_content)
    listed = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    rows = [{heading: cells[heading] for heading in HEADINGS} for cells in listed]
    page = upload(analyst_client, as_csv(*rows, changed))
    shown = words_of(page)
    assert "More patrols. Before: Patrols have begun." in shown
    assert "4 January 2032 Before: 1 June 2031" in shown
    assert "Unchanged" in shown
    assert [item.number for item in page.context["page"]] == [4]
    assert "2 rows with nothing new" in shown
    assert "Rows 2 to 3 have the same answers" in shown


def test_two_rows_of_one_assignment_are_named_and_follow_each_other(analyst_client, assignment):
    page = upload(analyst_client, as_csv(row(), row(Progress="More patrols.")))
    shown = words_of(page)
    assert "Row 2 is for the same organisation and recommendation, and comes before" in shown
    assert "Row 3 is for the same organisation and recommendation, and comes after" in shown
    assert "More patrols. Before: Patrols have begun." in shown


def test_a_word_with_a_lost_letter_is_a_warning(analyst_client, assignment):
    text = "Why? We don?t know https://example.org/?a=b"
    page = upload(analyst_client, as_csv(row(Progress=text), row(Progress="Jos\ufffd")))
    shown = text_of(page)
    assert "Progress has “don?t” in cell E2" in shown
    assert "Progress has “Jos\ufffd” in cell E3" in shown
    assert "2 rows have a warning" in shown
    assert "2 updates and 0 claims would be sent" in shown


def test_cells_of_a_workbook_that_are_no_text_are_refused(analyst_client, assignment):
    cells = {"Progress": True, "Next steps": FORECAST, "What would help": 5}
    shown = text_of(upload(analyst_client, as_xlsx(row(**cells), row(Progress="=1+1")), "a.xlsx"))
    assert "Progress: has only TRUE in cell E2" in shown
    assert "Next steps: has only a date in cell F2" in shown
    assert "What would help: has only a number (5) in cell H2" in shown
    assert "Progress: has a formula in cell E3. Replace it with its value" in shown


def test_day_and_month_are_not_guessed_if_the_sheet_has_the_month_first(analyst_client, assignment):
    second, date = row(Progress="More."), "Forecast date"
    page = upload(analyst_client, as_csv(row(**{date: "04/05/2031"}), second | {date: "5/6/2031"}))
    assert "4 May 2031" in text_of(page)
    page = upload(
        analyst_client, as_csv(row(**{date: "04/05/2031"}), second | {date: "12/31/2031"})
    )
    assert "“04/05/2031” can be 4 May 2031 or 5 April 2031, because cell I3 has" in text_of(page)
    other = as_csv(row(**{date: "04/05/2031"})).decode().replace("\r\n", ",Due date\r\n", 1)
    page = upload(analyst_client, other.strip().encode() + b",12/31/2030\r\n")
    assert "because cell K2 has the month first" in text_of(page)


def test_a_date_that_a_program_may_have_swapped_is_a_warning(analyst_client, assignment):
    content = as_xlsx(row(), row(Progress="More."))
    book = load_workbook(io.BytesIO(content))
    book.active["I3"] = "31/12/2031"
    file = io.BytesIO()
    book.save(file)
    shown = text_of(upload(analyst_client, file.getvalue(), "a.xlsx"))
    assert "Forecast date is 1 June 2031 in cell I2. Check the day and the month" in shown


class TestOfficer:
    @pytest.fixture
    def officer(self, client, assignment):
        officer = OfficerFactory(body=assignment.body)
        client.force_login(officer)
        return officer

    def test_imports_for_the_own_organisation(self, client, officer, assignment):
        page = upload(client, as_csv(row()))
        assert "1 update and 0 claims would be sent" in text_of(page)
        confirm(client, page)
        assert Update.objects.get().submitted_by == officer
        event = AuditEvent.objects.get(act="updates imported")
        assert (event.actor, event.body) == (officer, assignment.body)
        assert check_trail().findings == ()

    def test_gets_a_template_of_the_own_organisation(self, client, officer, assignment):
        other = AssignmentFactory(recommendation=assignment.recommendation)
        content = b"".join(client.get(f"{URL}template.csv").streaming_content).decode()
        assert "Kent" in content
        assert assignment.recommendation.force_ask in content
        assert assignment.recommendation.force_done_when in content
        assert other.body.short_name not in content
        workbook = load_workbook(io.BytesIO(client.get(f"{URL}template.xlsx").content))
        assert workbook["Updates"].max_row == 2

    def test_cannot_import_for_another_organisation(self, client, officer, assignment):
        other = AssignmentFactory(
            recommendation=assignment.recommendation, body__short_name="Essex"
        )
        submit(other, at=ASSIGNED_AT, account="Known to Essex alone")
        page = upload(client, as_csv(row(), row(**{BODY: "Essex"})))
        shown = text_of(page)
        assert "“Essex” is another organisation. You can only import updates of Kent" in shown
        assert "Known to Essex alone" not in shown
        assert confirm(client, page).status_code == 409

    def test_sees_only_imports_of_the_own_organisation(self, client, officer, analyst):
        own = batches.create_batch(
            content=as_csv(row()), name="own.csv", by=officer, at=timezone.now(), body=officer.body
        )
        national = batches.create_batch(
            content=as_csv(row()), name="national.csv", by=analyst, at=timezone.now()
        )
        shown = text_of(client.get(URL))
        assert "own.csv" in shown
        assert "national.csv" not in shown
        assert client.get(own.get_absolute_url()).status_code == 200
        assert client.get(national.get_absolute_url()).status_code == 404
        assert client.post(national.get_absolute_url(), {"action": "discard"}).status_code == 404
