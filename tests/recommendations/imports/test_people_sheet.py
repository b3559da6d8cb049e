"""Each cell of a spreadsheet of people is checked before anybody is invited."""

import io

import pytest
from openpyxl import load_workbook

from forces.models import Role
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.people_sheet import (
    EMAIL,
    HEADINGS,
    LAYOUT,
    MAX_PEOPLE,
    NAME,
    ORGANISATION,
    ROLE,
    as_text,
    check_rows,
)
from recommendations.imports.people_template import as_csv, as_workbook
from recommendations.imports.spreadsheet import read_rows
from tests.factories import ForceFactory, LocalPolicingBodyFactory, OfficerFactory, UserFactory

JO = "Jo Hale,jo@example.org,Force liaison officer,Kent"


def check(*lines: str, head: str = ",".join(HEADINGS)) -> list:
    content = "\n".join([head, *lines]).encode()
    return check_rows(read_rows(content, name="people.csv", layout=LAYOUT))


@pytest.mark.django_db
class TestCheckRows:
    def test_a_complete_row_is_somebody_to_invite(self, django_assert_num_queries):
        kent = ForceFactory(short_name="Kent")
        with django_assert_num_queries(3):
            jo, obi = check(JO, "Obi,obi@example.org,observer,")
        assert not jo.errors
        assert (jo.person.name, jo.person.email) == ("Jo Hale", "jo@example.org")
        assert (jo.person.role, jo.person.body) == (Role.LIAISON_OFFICER, kent)
        assert obi.person.body is None

    @pytest.mark.parametrize(
        ("line", "heading", "error"),
        [
            (",jo@example.org,Observer,", NAME, "Enter the person's name"),
            (f"{'x' * 121},jo@example.org,Observer,", NAME, "120 characters or fewer"),
            ("Jo,,Observer,", EMAIL, "Enter the person's email address"),
            ("Jo,jo at example,Observer,", EMAIL, "in the correct format"),
            ("Jo,jo@ex\N{CYRILLIC SMALL LETTER A}mple.org,Observer,", EMAIL, "letters a to z"),
            ("Jo,jo@poli\N{LATIN SMALL LETTER LONG S}e.uk,Observer,", EMAIL, "letters a to z"),
            (
                "Jo,KAY@example.org,Observer,",
                EMAIL,
                "Kay Ent (Force liaison officer, Kent) already",
            ),
            ("Jo,lea@example.org,Observer,", EMAIL, "Lea Ver has left"),
            ("Jo,jo@example.org,,", ROLE, "Enter a role"),
            ("Jo,jo@example.org,Emperor,", ROLE, "Role must be one of: Home Office analyst"),
            ("Jo,jo@example.org,Chief officer,", ORGANISATION, "Enter the organisation"),
            ("Jo,jo@example.org,Observer,Atlantis", ORGANISATION, "“Atlantis” is not a recognised"),
            ("Jo,jo@example.org,Administrator,Kent", ORGANISATION, "Leave this empty"),
            ("Jo,jo@example.org,Local policing body,Kent", ORGANISATION, "Select a local policing"),
            ("Jo,jo@example.org,Observer,Kent PCC", ORGANISATION, "have the role “Local policing"),
        ],
    )
    def test_an_error_is_at_its_cell(self, line, heading, error):
        kay = OfficerFactory(name="Kay Ent", email="kay@example.org", body__short_name="Kent")
        LocalPolicingBodyFactory(force=kay.body)
        UserFactory(name="Lea Ver", email="lea@example.org", is_active=False)
        (row,) = check(line)
        assert list(row.errors) == [heading]
        assert error in row.errors[heading]
        assert row.person is None

    def test_a_repeated_address_names_the_first_row(self):
        ForceFactory(short_name="Kent")
        first, second = check(JO, "Jo Again,JO@example.org,Observer,")
        assert not first.errors
        assert second.errors == {EMAIL: "This email address is also in row 2"}

    def test_the_text_of_checked_rows_is_read_as_the_same_rows(self):
        ForceFactory(short_name="Kent")
        rows = check('"Hale, Jo",jo@example.org,force liaison officer,kent')
        again = check_rows(read_rows(as_text(rows).encode(), name="Pasted rows", layout=LAYOUT))
        assert [row.person for row in again] == [row.person for row in rows]


@pytest.mark.django_db
def test_cells_pasted_from_a_spreadsheet_and_other_headings_are_read():
    ForceFactory(short_name="Kent")
    (row,) = check(JO.replace(",", "\t"), head="name\temail\trole\torganisation")
    assert not row.errors


def test_too_many_rows_and_missing_columns_are_explained():
    with pytest.raises(UnacceptableFile, match="more than 100 rows"):
        read_rows("\n".join([",".join(HEADINGS), *[JO] * (MAX_PEOPLE + 1)]).encode(),
                  name="people.csv", layout=LAYOUT)  # fmt: skip
    with pytest.raises(UnacceptableFile, match="does not have the column Role"):
        read_rows(b"Name,Email address,Organisation\nJo,jo@example.org,Kent", name="people.csv",
                  layout=LAYOUT)  # fmt: skip


@pytest.mark.django_db
def test_a_filled_in_template_can_be_uploaded():
    ForceFactory(short_name="Kent")
    book = load_workbook(io.BytesIO(as_workbook()))
    book[LAYOUT.sheet].append(JO.split(","))
    choices = book[LAYOUT.sheet].data_validations.dataValidation
    assert "Force liaison officer" in choices[0].formula1
    first = choices[1].formula1.rpartition("!")[2].partition(":")[0].replace("$", "")
    assert book["Notes"][first].value == "Kent"
    file = io.BytesIO()
    book.save(file)
    (row,) = check_rows(read_rows(file.getvalue(), name="people.xlsx", layout=LAYOUT))
    assert not row.errors
    assert "".join(as_csv()).strip("\ufeff\r\n") == ",".join(HEADINGS)
