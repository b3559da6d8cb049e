"""Responses to the inspection: who may enter them, what counts, and where they are shown."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from forces.models import Body, Role, User
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.withdraw_assignment import withdraw_assignment
from recommendations.dashboards.responses.responses import count_overdue, responses_page
from recommendations.emails.digests.ledger import preview_decision
from recommendations.models import Assignment, Inspection, Response
from recommendations.positions.national import load
from tests.factories import LocalPolicingBodyFactory, UserFactory, respond_to_report, send_back
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def answers(on, **changed) -> dict[str, object]:
    day = {"responded_on_day": on.day, "responded_on_month": on.month, "responded_on_year": on.year}
    typed = {"answer": "in_part", "reason": "Training first.", "link": "", "latest": 0}
    return typed | day | changed


class TestTheList:
    def test_it_shows_responses_beside_the_progress_of_the_force(self, analyst_client, world):
        text = text_of(analyst_client.get("/responses/"))
        assert "1 of 2 local policing bodies has responded, 1 of them late. 1 is overdue" in text
        page = responses_page(load(world.inspection, today=rules.london_day(world.now)))
        essex, kent = page.policing
        assert (kent.answer, kent.days_late, kent.is_overdue) == ("Accepted in part", 5, False)
        assert (kent.done, kent.total, kent.overdue) == (1, 3, 1)
        assert (essex.answer, essex.days_late, essex.is_overdue) == ("", 145, True)
        assert [(row.name, row.unanswered) for row in page.national] == [("Home Office", 3)]

    def test_the_overdue_ones_have_an_address(self, analyst_client):
        text = text_of(analyst_client.get("/responses/?show=overdue"))
        assert "Essex PCC" in text
        assert "Kent PCC" not in text

    def test_a_past_day_shows_what_had_been_entered(self, analyst_client, world):
        before = rules.london_day(world.now) - timedelta(days=131)
        text = text_of(analyst_client.get(f"/responses/?as_at={before}"))
        assert "0 of 2 local policing bodies have responded. 2 are overdue" in text

    def test_local_policing_bodies_are_in_no_other_list(self, analyst_client):
        for path in ("/heatmap/", "/forces/", "/"):
            assert "PCC" not in text_of(analyst_client.get(path))
        assert analyst_client.get("/forces/kent-pcc/").status_code == 404

    def test_the_page_of_an_organisation_shows_the_status_of_its_force_as_elsewhere(
        self, analyst_client, world
    ):
        send_back(world.assignment("Essex", 1).latest_update, at=world.now)
        withdraw_assignment(
            assignment=world.assignment("Essex", 2),
            kind="superseded",
            superseded_by=world.assignment("Essex", 3).recommendation,
            reason="Merged.",
            by=world.analyst,
            at=world.now,
        )
        text = text_of(analyst_client.get("/responses/essex-pfcc/"))
        assert "Essex: returned." in text
        assert "Essex: withdrawn: superseded by R3." in text

    def test_it_can_be_downloaded(self, analyst_client):
        rows = analyst_client.get("/downloads/responses/responses.csv").content.decode()
        assert "Kent PCC" in rows
        assert "Training comes first." in rows
        rows = analyst_client.get("/downloads/responses/organisations.csv?show=overdue")
        assert "Kent PCC" not in rows.content.decode()


class TestEntering:
    def test_an_analyst_enters_it_on_behalf_and_the_page_says_so(self, analyst_client, world):
        on = world.inspection.published_on
        path = "/responses/essex-pfcc/report/"
        assert "on behalf of Essex commissioner" in text_of(analyst_client.get(path))
        page = analyst_client.post(path, answers(on), follow=True)
        text = text_of(page)
        assert "Accepted in part on" in text
        assert ", in time." in text
        assert "Entered on its behalf on" in text
        assert count_overdue(world.inspection, on=rules.london_day(world.now)) == 0

    def test_an_officer_of_a_national_organisation_responds_for_it(self, world):
        client, on = client_of(world.lead_officer), rules.london_day(world.now)
        page = client.post("/responses/home-office/2/", answers(on), follow=True)
        assert "1 of the 3 recommendations" in text_of(page)
        assert not Response.objects.get(body=world.lead).is_on_behalf
        assert client.get("/responses/essex-pfcc/").status_code == 200
        assert client.get("/responses/essex-pfcc/report/").status_code == 404
        assert client.get("/responses/home-office/report/").status_code == 404

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"answer": "in_part", "reason": " "}, "Enter the reason"),
            ({"answer": ""}, "Select whether it is accepted"),
            ({"link": "javascript:alert(1)"}, "Link must be a web address"),
            ({"responded_on_year": 2019}, "on or after the day the report was published"),
            ({"responded_on_year": 2190}, "today or in the past"),
        ],
    )
    def test_what_is_wrong_is_not_saved(self, analyst_client, world, changed, error):
        typed = answers(world.inspection.published_on, **changed)
        page = analyst_client.post("/responses/essex-pfcc/report/", typed)
        assert error in text_of(page)
        assert not Response.objects.filter(body=world.policing["Essex"]).exists()

    def test_a_second_click_adds_nothing_and_an_old_page_is_refused(self, analyst_client, world):
        typed = answers(world.inspection.published_on, latest=1)
        for _ in range(2):
            assert analyst_client.post("/responses/kent-pcc/report/", typed).status_code == 302
        assert Response.objects.filter(body=world.policing["Kent"]).count() == 2
        page = analyst_client.post(
            "/responses/kent-pcc/report/", typed | {"reason": "Written on an old page."}
        )
        assert page.status_code == 409
        assert "Somebody has entered another response" in text_of(page)
        assert "Written on an old page." in text_of(page)

    def test_forces_do_not_respond(self, analyst_client, world):
        assert analyst_client.get("/responses/kent/report/").status_code == 404
        with pytest.raises(Refusal, match="does not respond"):
            respond_to_report(
                world.inspection, body=world.forces["Kent"], by=world.analyst, at=world.now
            )


class TestAReaderOfALocalPolicingBody:
    @pytest.fixture
    def reader(self, world):
        return UserFactory(role=Role.LOCAL_POLICING_BODY, body=world.policing["Kent"])

    def test_every_link_of_its_pages_leads_somewhere(self, reader, world):
        client = client_of(reader)
        assert client.get("/").url == "/forces/kent/"
        links = set()
        for path in ("/forces/kent/", "/forces/kent/2/", "/responses/kent-pcc/", "/changes/"):
            page = client.get(path)
            assert page.status_code == 200, path
            links |= set(re.findall(r'(?:href|action)="(/[^"#]*)"', page.content.decode()))
        allowed = {200, 302, 405}  # forms are posted
        lost = {path for path in links if client.get(unescape(path)).status_code not in allowed}
        assert lost == set()
        assert "Essex" not in text_of(client.get("/forces/kent/"))

    def test_it_responds_for_its_body_alone(self, reader, world):
        client, typed = client_of(reader), answers(world.inspection.published_on, latest=1)
        page = client.post("/responses/kent-pcc/report/", typed, follow=True)
        assert "Entered by the organisation on" in text_of(page)
        assert not Response.objects.current().get(body=reader.body).is_on_behalf
        for path in ("/responses/essex-pfcc/", "/responses/essex-pfcc/report/", "/responses/"):
            assert client.get(path).status_code == 404

    def test_its_weekly_email_is_about_the_force_without_other_forces(self, reader, world):
        decision = preview_decision(reader, at=world.now)
        assert "Kent: 1 overdue" in decision.content.subject
        assert "median" not in decision.content.text

    def test_it_belongs_to_a_local_policing_body_and_nobody_else_does(self, world):
        def error(role, body) -> str:
            person = User(name="Jo", email="jo@example.org", role=role, body=body)
            try:
                person.clean()
            except ValidationError as refused:
                return str(refused)
            return ""

        kent, policing = world.forces["Kent"], world.policing["Kent"]
        assert error(Role.LOCAL_POLICING_BODY, policing) == ""
        assert "Select a local policing body" in error(Role.LOCAL_POLICING_BODY, kent)
        assert "have the role" in error(Role.LIAISON_OFFICER, policing)


@pytest.mark.parametrize(
    ("number", "body"), [(3, "kent-pcc"), (1, "kent"), (1, "home-office")], ids=str
)
def test_the_database_refuses_responses_that_do_not_fit(world, number, body):
    row = Response.objects.get()
    row.pk, row.number, row.body = None, number, Body.objects.get(slug=body)
    row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="Response"):
        connection.check_constraints()


def test_the_database_refuses_an_assignment_of_a_local_policing_body(world):
    assignment = Assignment.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(body=world.policing["Kent"])


def test_only_those_of_forces_with_assignments_have_to_respond(world):
    LocalPolicingBodyFactory()
    inspection = Inspection.objects.get()
    last_day = rules.response_due_on(inspection.published_on)
    assert count_overdue(inspection, on=last_day) == 0
    assert count_overdue(inspection, on=last_day + timedelta(days=1)) == 1
