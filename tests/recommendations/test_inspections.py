"""Several inspections: addresses, pages, emails and files of one never show another."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_script_prefix, reverse

from forces.models import User
from recommendations.actions.api_tokens import create_token
from recommendations.actions.drafts import open_draft
from recommendations.actions.end_body import apply_body_ends, record_body_end
from recommendations.actions.request_download import request_download
from recommendations.actions.request_extension import request_extension
from recommendations.dashboards.snapshots import are_current, render_all
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.ledger import preview_decisions
from recommendations.exports import background
from recommendations.imports import batches
from recommendations.imports.template import as_csv
from recommendations.inspections import inspection_of, split_prefix, working_on
from recommendations.models import ImportBatch, Inspection, OutboxEmail
from recommendations.positions import positions
from recommendations.positions.national import count, load
from recommendations.rules import london_day
from tests.factories import (
    AssignmentFactory,
    InspectionFactory,
    RecommendationFactory,
    accept,
    add_step,
    claim,
    send_back,
    submit,
)

PAGES = [
    *("overview", "heatmap", "trends", "recommendations", "forces", "changes", "responses"),
    *("reviews", "deadlines", "downloads", "search", "imports", "outcomes", "all_questions"),
]
LOCKED = re.compile(r'FOR (?:NO KEY )?UPDATE OF "(\w+)"')
SWITCHER = re.compile(r'<nav aria-label="Inspections".*?</nav>', re.DOTALL)
LINKS = re.compile(r'(?:href|action|hx-get)="(/[^"]*)"')


@pytest.fixture
def other(world) -> SimpleNamespace:
    """Another inspection with a recommendation 1, which asks only Kent, and is overdue."""
    inspection = InspectionFactory(
        slug="exploitation",
        title="Criminal exploitation",
        published_on=world.inspection.published_on + timedelta(days=60),
        is_synthetic=True,
    )
    recommendation = RecommendationFactory(
        inspection=inspection,
        number=1,
        title="Find victims",
        lead_body=world.lead,
        due_on=london_day(world.now) - timedelta(days=5),
    )
    assignment = AssignmentFactory(
        recommendation=recommendation,
        body=world.forces["Kent"],
        assigned_at=world.now - timedelta(days=140),
    )
    return SimpleNamespace(
        inspection=inspection, recommendation=recommendation, assignment=assignment
    )


class TestAddresses:
    def test_the_first_inspection_has_no_prefix(self, world, other):
        first, second = Inspection.objects.in_order()
        assert (first, first.prefix) == (world.inspection, "/")
        assert (second, second.prefix) == (other.inspection, "/inspections/exploitation/")
        assert Inspection.objects.get(pk=second.pk).prefix == second.prefix

    def test_a_prefix_chooses_the_inspection(self, client, world, other):
        client.force_login(world.officer)
        page = client.get("/inspections/exploitation/forces/kent/1/")
        assert "Find victims" in page.text
        assert "Find victims" not in client.get("/forces/kent/1/").text
        assert client.get("/inspections/exploitation/forces/kent/2/").status_code == 404
        assert get_script_prefix() == "/"
        assert Inspection.objects.current() == world.inspection

    def test_pages_link_to_their_own_inspection(self, client, world, other):
        """Except those for the other inspections, static files and signing in."""
        render_all(at=world.now)
        client.force_login(world.analyst)
        allowed = ("/inspections/exploitation/", "/static/", "/accounts/")
        for name in PAGES:
            page = client.get(f"/inspections/exploitation{reverse(name)}")
            switcher = SWITCHER.search(page.text)[0]
            assert f'href="{reverse(name)}"' in switcher
            assert 'href="/inspections/exploitation/closures/"' not in page.text
            assert "/inspections/exploitation/downloads/closures/" not in page.text
            links = LINKS.findall(page.text.replace(switcher, ""))
            assert [link for link in links if not link.startswith(allowed)] == [], name

    def test_one_inspection_has_no_switcher(self, client, world):
        client.force_login(world.analyst)
        assert "Inspections" not in client.get("/heatmap/").text

    @pytest.mark.parametrize(
        ("path", "leads_to"),
        [
            (
                "/inspections/{first}/forces/kent/?a=1",
                "/forces/kent/?a=1",
            ),
            ("/inspections/exploitation/accounts/sign-in/?next=/x/", "/accounts/sign-in/?next=/x/"),
            ("/inspections/{first}/a%0d%0ab%3f/", "/a%0D%0Ab%3F/"),
        ],
    )
    def test_other_forms_of_an_address_lead_to_the_one(self, client, world, other, path, leads_to):
        response = client.post(path.format(first=world.inspection.slug))
        assert (response.status_code, response["Location"]) == (307, leads_to)

    @pytest.mark.parametrize(
        "path", ["/inspections/unknown/heatmap/", "/inspections/{first}//example.com/"]
    )
    def test_what_is_no_address_of_an_inspection_is_not_found(self, client, world, other, path):
        client.force_login(world.analyst)
        assert client.get(path.format(first=world.inspection.slug)).status_code == 404

    def test_a_prefix_is_read_by_its_form(self):
        assert split_prefix("/inspections/a-1/") == ("a-1", "/")
        assert split_prefix("/inspections/a-1/forces/x/") == ("a-1", "/forces/x/")
        for path in ("/inspections/", "/inspections/a", "/inspections//", "/forces/", "/x/a/b/"):
            assert split_prefix(path) == ("", path)


def test_a_claim_is_not_found_in_another_inspection(client, world, other):
    claimed = claim(other.assignment, at=world.now - timedelta(days=1))
    client.force_login(world.analyst)
    assert client.get(f"/reviews/{claimed.pk}/").status_code == 404
    assert client.get(f"/inspections/exploitation/reviews/{claimed.pk}/").status_code == 200
    caches["page_content"].clear()
    for path, times in {"/reviews/": 0, "/inspections/exploitation/reviews/": 1}.items():
        assert client.get(path).text.count("Find victims") == times


def test_the_menu_counts_what_waits_in_each_inspection(client, world, other):
    def counts() -> list[str]:
        return re.findall(r'app-count">(\d+)<', SWITCHER.search(client.get("/").text)[0])

    client.force_login(world.analyst)
    assert counts() == ["1"]
    claim(other.assignment, at=world.now - timedelta(days=1))
    assert counts() == ["1", "1"]


def test_a_view_of_another_inspection_can_be_saved(client, world, other):
    client.force_login(world.analyst)
    address = "/inspections/exploitation/heatmap/?flag=overdue"
    client.post("/views/save/", {"address": address, "name": "Late"})
    assert "Heatmap (exploitation): flag overdue" in client.get("/views/").text
    view = world.analyst.saved_views.get()
    assert client.get(f"/views/{view.pk}/")["Location"] == address


def test_the_api_is_about_the_inspection_of_its_address(client, world, other, settings):
    new = create_token(name="A", lasts=timedelta(days=1), by=world.analyst, at=world.now)
    headers = {"Authorization": f"Bearer {new.secret}"}
    on = london_day(world.now)
    for prefix in ("", "/inspections/exploitation"):
        response = client.get(f"{prefix}/api/v1/recommendations?format=csv", headers=headers)
        rows = response.getvalue().decode()
        assert f"{settings.BASE_URL}{prefix}/recommendations/1/" in rows
        assert ("Find victims" in rows) == bool(prefix)
        name = f"{'exploitation-' if prefix else ''}recommendations-{on}-demonstration.csv"
        assert f'"{name}"' in response["Content-Disposition"]


def test_an_organisation_that_ends_moves_in_every_inspection(world, other):
    kent, essex = world.forces["Kent"], world.forces["Essex"]
    today, by = london_day(world.now), {"by": world.officer, "at": world.now}
    done, waiting = (
        AssignmentFactory(
            recommendation=RecommendationFactory(
                inspection=other.inspection, number=number, lead_body=world.lead, due_on=today
            ),
            body=kent,
            assigned_at=world.now - timedelta(days=140),
        )
        for number in (12, 13)
    )
    accept(claim(done, at=world.now - timedelta(days=9)), at=world.now - timedelta(days=8))
    claim(waiting, at=world.now - timedelta(days=1))
    merging = world.assignment("Kent", 2)
    open_draft(assignment=merging, **by)
    open_draft(assignment=other.assignment, **by)
    add_step(other.assignment, **by)
    later = today + timedelta(days=30)
    request_extension(assignment=other.assignment, to=later, reason="Staff.", **by)

    def sums():
        return [
            count(load(row, today=today).force_positions) for row in Inspection.objects.in_order()
        ]

    before, revisions = sums(), [row.revision for row in Inspection.objects.in_order()]
    yesterday = today - timedelta(days=1)
    past = [positions.as_at(row, on=yesterday) for row in Inspection.objects.in_order()]
    with CaptureQueriesContext(connection) as queries:
        record_body_end(
            body=kent,
            ends_on=today,
            successor=essex,
            reason="Merger Order.",
            corrects=None,
            by=world.administrator,
            at=world.now,
        )
    statements = [query["sql"] for query in queries]
    event = next(n for n, sql in enumerate(statements) if 'INTO "forces_auditevent"' in sql)
    locks = {table for sql in statements[:event] for table in LOCKED.findall(sql)}
    assert locks >= {"forces_user", "recommendations_assignment", "recommendations_draft"}

    assert past == [positions.as_at(row, on=yesterday) for row in Inspection.objects.in_order()]
    assert positions.mismatched_ids() == []
    assert all(
        row.revision > old
        for row, old in zip(Inspection.objects.in_order(), revisions, strict=True)
    )
    first, second = sums()
    assert (first.total, first.implemented) == (before[0].total - 2, before[0].implemented)
    assert (second.total, second.statuses) == (before[1].total, before[1].statuses)
    moved = essex.assignments.get(recommendation=other.recommendation)
    assert moved.draft.pk
    assert merging.recommendation.assignments.get(body=essex).draft.pk
    assert moved.steps.count() == moved.due_date_requests.filter(decision=None).count() == 1
    officer = User.objects.get(pk=world.officer.pk)
    text = " ".join(preview_decisions([officer], at=world.now)[officer.pk].content.text.split())
    assert "/inspections/exploitation/forces/essex/1/update/" in text
    assert "/forces/kent/" not in text
    # Kent has implemented one in each, and is no force any more.
    assert text.count("The median is 0 in South East and 0 in all forces.") == 2
    send_back(waiting.latest_update, at=world.now, by=world.analyst)
    apply_body_ends(at=world.now)
    assert essex.assignments.get(recommendation=waiting.recommendation).is_open
    assert sums()[1].total == second.total


class TestJobs:
    def test_snapshots_are_of_every_inspection(self, world, other):
        render_all(at=world.now)
        on = london_day(world.now)
        assert all(are_current(row, on=on) for row in Inspection.objects.in_order())
        html = {
            row.slug: row.snapshots.get(name="overview").html
            for row in Inspection.objects.in_order()
        }
        assert "/inspections/" not in html[world.inspection.slug]
        assert 'href="/forces' not in html["exploitation"]

    def test_a_digest_has_a_part_for_each_inspection(self, world, other):
        people = [world.officer, world.lead_officer, world.analyst]
        decisions = preview_decisions(people, at=world.now)
        text = decisions[world.officer.pk].content.text
        assert "Covers 2 inspections" in text
        assert "/inspections/exploitation/forces/kent/1/" in text
        assert "CRIMINAL EXPLOITATION: ACT NOW" in text
        assert "xploitation" not in decisions[world.lead_officer.pk].content.text
        assert "CRIMINAL EXPLOITATION" in decisions[world.analyst.pk].content.text

    def test_an_alert_names_and_links_to_its_inspection(self, world, other):
        at = world.now - timedelta(hours=2)
        send_back(claim(other.assignment, at=at, by=world.officer), at=world.now)
        create_alerts(at=world.now)
        emails = OutboxEmail.objects.filter(reader=world.officer)
        [text] = emails.values_list("content__text", flat=True)
        assert "/inspections/exploitation/forces/kent/1/" in text
        assert "Criminal exploitation." in text

    def test_a_download_and_an_import_are_about_one_inspection(self, world, other):
        submit(other.assignment, at=world.now, account="Only of the other.")
        request = {"kind": "updates", "file_type": "csv", "parameters": {}}
        with working_on(other.inspection):
            download = request_download(**request, by=world.analyst, at=world.now)
            batch = batches.create_batch(
                content="".join(as_csv(other.inspection)).encode(),
                name="a.csv",
                by=world.analyst,
                at=world.now,
            )
        own = request_download(**request, by=world.analyst, at=world.now)
        assert own != download
        for row, is_other in {download: True, own: False}.items():
            background.generate(row.pk, at=world.now)
            row.refresh_from_db()
            assert (b"Only of the other." in bytes(row.content)) == is_other
        assert inspection_of(batch) == other.inspection
        assert not ImportBatch.objects.of_inspection(world.inspection).exists()
