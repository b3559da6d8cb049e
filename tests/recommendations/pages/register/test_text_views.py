"""An analyst pastes the report's text and sees the difference first; a colleague confirms it."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from forces.audit_check import check_trail
from forces.models import AuditEvent, Role
from recommendations import rules
from recommendations.models import Aspect, Certainty, Recommendation
from recommendations.positions import positions
from tests.factories import NationalBodyFactory, UserFactory
from tests.process_caches import empty_process_caches
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
URL = "/recommendations/1/text/"
OTHER_TEXT = "Give every force one shared, current picture."
SOURCE = {"source": "Both sides of the coin, HMICFRS, 2020", "page": "9", "aspects": ["wording"]}


def typed(page, /, **changes) -> dict:
    """Return what the form on a page has, with changes."""
    form = BeautifulSoup(page.content, "html.parser").select_one("form#correct")
    fields = {}
    for field in form.select("[name]"):
        name = field["name"]
        if field.name == "textarea":
            fields[name] = field.text.removeprefix("\n")
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                fields.setdefault(name, []).append(field["value"])
        elif field.name == "select":
            fields[name] = field.select_one("[selected]")["value"]
        elif field.name == "input":
            fields[name] = field.get("value", "")
    return fields | changes


def save(client, **changes):
    """Fill in the form, read the difference, and save it."""
    preview = client.post(URL, typed(client.get(URL), step="preview", **changes))
    return client.post(URL, typed(preview, step="save"), follow=True)


@pytest.fixture
def colleague() -> Client:
    client = Client()
    client.force_login(UserFactory(name="Cole League", role=Role.ADMINISTRATOR))
    return client


def test_a_text_is_saved_after_its_difference_was_shown(analyst_client, world):
    before = world.recommendations[0].text
    changes = {"text": OTHER_TEXT, "text_is_verbatim": "on", **SOURCE}
    preview = analyst_client.post(URL, typed(analyst_client.get(URL), step="preview", **changes))
    difference = BeautifulSoup(preview.content, "html.parser").select_one(".app-difference")
    assert "forces" in difference.select_one("del").text
    assert "every force" in difference.select_one("ins").text
    assert Recommendation.objects.get(pk=world.recommendations[0].pk).text == before
    saved = analyst_client.post(URL, typed(preview, step="save"), follow=True)
    recommendation = Recommendation.objects.get(pk=world.recommendations[0].pk)
    assert (recommendation.text, recommendation.text_is_verbatim) == (OTHER_TEXT, True)
    assert recommendation.certainty(Aspect.WORDING) == Certainty.REPORTED
    assert "Ana Lyst: Corrected text" in text_of(saved)


def test_nothing_is_saved_without_its_preview_or_after_another_change(analyst_client, world):
    opened = typed(analyst_client.get(URL), text=OTHER_TEXT, step="save")
    first = analyst_client.post(URL, opened)
    assert "Check your changes" in text_of(first)
    other = analyst_client.post(URL, typed(first, text="Something else.", step="save"))
    assert other.status_code == 409
    assert "has changed since you opened this page" in text_of(other)
    Recommendation.objects.filter(number=1).update(text="A colleague's text.")
    late = analyst_client.post(URL, typed(other, step="save"))
    assert late.status_code == 409
    assert "colleague" in BeautifulSoup(late.content, "html.parser").select_one("del").text
    assert Recommendation.objects.get(number=1).text == "A colleague's text."


def test_only_a_second_person_confirms_it(analyst_client, colleague, world):
    save(analyst_client, text=OTHER_TEXT, text_is_verbatim="on", **SOURCE)
    own = analyst_client.get(URL)
    assert "You entered this, so you cannot confirm it" in text_of(own)
    key = str(Recommendation.objects.get(number=1).current_checks[Aspect.WORDING].pk)
    refused = analyst_client.post(f"{URL}confirm/", {"check": key})
    assert refused.status_code == 409
    box = BeautifulSoup(colleague.get(URL).content, "html.parser").select_one("input[name=check]")
    page = colleague.post(f"{URL}confirm/", {"check": box["value"]}, follow=True)
    assert "Cole League" in text_of(page)
    assert "Confirmed wording" in text_of(page)
    empty_process_caches()
    shown = text_of(analyst_client.get("/recommendations/1/"))
    assert "The report's own words. Confirmed: wording. Unconfirmed: gist, addressee" in shown
    assert AuditEvent.objects.filter(act="text confirmed").count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": ""}, "Enter the text of the recommendation"),
        ({"source": "The report"}, "Select what the source shows"),
        ({"aspects": ["gist"]}, "Enter the source, or select nothing that it shows"),
        ({"page": "9"}, "Enter the source that the page is in"),
        ({"force_done_when": ""}, "Leave both empty if forces are asked to do nothing"),
        ({"due_words": "by 1 May 2031"}, "“by 1 May 2031” is 1 May 2031. Change the date"),
        ({"due_on_year": "2031"}, "Enter a reason for the new due date."),
        ({"force_ask": "", "force_done_when": ""}, "Enter why forces are no longer asked"),
        ({"lead_body": "0"}, "Select the lead organisation from the list"),
        ({"partners": ["x"]}, "Select partners from the list"),
        ({"due_on_year": "1999", "reason": "x"}, "must be between 2000 and 2100"),
        ({}, "You have not changed anything."),
    ],
)
def test_what_makes_no_sense_is_an_error(analyst_client, world, changes, error):
    page = analyst_client.post(URL, typed(analyst_client.get(URL), step="preview", **changes))
    assert error in text_of(page)
    assert "Check your changes" not in text_of(page)


def test_an_ask_is_edited_with_history_and_removed_with_a_reason(analyst_client, world):
    page = text_of(save(analyst_client, force_ask="Report every line."))
    assert Recommendation.objects.get(number=1).force_ask == "Report every line."
    assert "Corrected what forces are asked to do" in page
    nothing = {"force_ask": "", "force_done_when": "", "reason": "It is for the Home Office."}
    preview = analyst_client.post(URL, typed(analyst_client.get(URL), step="preview", **nothing))
    assert "withdrawn permanently for 3 forces" in text_of(preview)
    saved = analyst_client.post(URL, typed(preview, step="save"), follow=True)
    assert "Reason: It is for the Home Office." in text_of(saved)
    rows = world.recommendations[0].assignments
    assert rows.filter(status="withdrawn", body__kind="force").count() == 3
    assert rows.get(body__short_name="Kent").status == "implemented"  # not affected
    assert rows.get(is_lead=True).is_open
    assert positions.mismatched_ids() == []


def test_a_new_lead_gets_it_with_history_and_the_earlier_one_no_longer_has_it(
    analyst_client, world
):
    agency, council = NationalBodyFactory(name="Agency"), NationalBodyFactory(name="Council")
    new = {"lead_body": str(agency.pk), "partners": [str(council.pk)]}
    refused = analyst_client.post(URL, typed(analyst_client.get(URL), step="preview", **new))
    assert "Enter a reason for the new lead" in text_of(refused)
    both = new | {"partners": [str(agency.pk)]}
    refused = analyst_client.post(URL, typed(refused, step="preview", **both))
    assert "The lead cannot also be a partner" in text_of(refused)
    page = text_of(save(analyst_client, **new, reason="The report names it."))
    assert "Corrected partners and lead organisation; addressee now unconfirmed" in page
    recommendation = Recommendation.objects.get(number=1)
    assert (recommendation.lead_body, [*recommendation.partners.all()]) == (agency, [council])
    states = {row.body: row.status for row in recommendation.assignments.filter(is_lead=False)}
    assert states[agency] == "not_started"
    assert recommendation.assignments.get(is_lead=True).status == "withdrawn"
    on = rules.london_day(world.now)
    leads = [p.body_id for p in positions.today(world.inspection, on=on) if p.is_lead]
    assert sorted(leads) == sorted([agency.pk, world.lead.pk, world.lead.pk])
    back = {"lead_body": str(world.lead.pk), "partners": [], "reason": "It does not."}
    refused = save(analyst_client, **back)
    assert refused.status_code == 409
    assert "so Home Office cannot be the lead" in text_of(refused)
    assert Recommendation.objects.get(number=1).lead_body == agency
    assert check_trail().findings == ()


@pytest.mark.parametrize("check", ["", "x", "9" * 500, "1"])
def test_a_strange_confirmation_is_an_error(analyst_client, world, check):
    assert analyst_client.post(f"{URL}confirm/", {"check": check}).status_code == 409


def test_others_do_not_find_the_page(client, world):
    for person in (world.officer, world.observer, world.lead_officer):
        client.force_login(person)
        assert client.get(URL).status_code == 404
        assert client.post(f"{URL}confirm/", {"check": "1"}).status_code == 404
        assert "Check the text" not in text_of(client.get("/recommendations/1/"))
