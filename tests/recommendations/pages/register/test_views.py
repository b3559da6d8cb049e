from datetime import timedelta

import pytest
from django.urls import reverse

from forces.models import Region, User
from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.questions import ask_question
from recommendations.models import Recommendation
from tests.factories import UserFactory, submit
from tests.process_caches import empty_process_caches
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db


def test_a_recommendation_can_be_shown_on_a_past_day(analyst_client, world):
    past = rules.london_day(world.now) - timedelta(days=100)
    text = text_of(analyst_client.get("/recommendations/1/", {"as_at": past.isoformat()}))
    assert "Position at the end of" in text
    assert "Implemented" not in text.split("</thead>")[1]  # Kent's claim was accepted later


def test_officers_are_asked_at_the_top_of_their_page_to_reply_to_questions(client, world):
    ask_question(
        assignment=world.assignment("Kent", 3), text="When?", by=world.analyst, at=world.now
    )
    for reader, is_asked in ((world.officer, True), (world.analyst, False)):
        client.force_login(reader)
        page = client.get("/forces/kent/").context["page"]
        assert ("Reply to the question on" in page.sentence) is is_asked


def test_forecasts_are_a_column_for_those_who_may_see_one(client, world):
    for reader, is_shown in ((world.officer, True), (world.observer, False)):
        client.force_login(reader)
        head = client.get("/recommendations/3/").context["head"]
        assert ("Forecast" in [cell.text for cell in head]) is is_shown


def test_the_list_of_recommendations_has_their_figures(analyst_client):
    text = text_of(analyst_client.get("/recommendations/"))
    assert "0 of 3 recommendations are implemented by every force." in text
    assert "1 implemented, 1 evidence submitted, 2 not started" in text


class TestRecommendation:
    def test_the_page_says_how_many_forces_have_implemented_it(self, analyst_client):
        assert "1 of 4 forces has implemented it (25%)" in text_of(
            analyst_client.get("/recommendations/1/")
        )

    @pytest.mark.parametrize("number", [0, 4, 999999])
    def test_an_unknown_number_is_not_found(self, analyst_client, number):
        assert analyst_client.get(f"/recommendations/{number}/").status_code == 404

    def test_a_summary_is_labelled(self, analyst_client, world):
        assert "Our summary" in text_of(analyst_client.get("/recommendations/1/"))
        Recommendation.objects.update(text_is_verbatim=True)
        empty_process_caches()
        assert "Our summary" not in text_of(analyst_client.get("/recommendations/1/"))

    def test_blockers_are_shown_to_readers_who_may_open_the_assignments(self, client, world):
        submit(world.assignment("Surrey", 3), at=world.now, blockers="No analyst in post.")
        for reader, sees in [(world.analyst, True), (world.officer, False)]:
            client.force_login(reader)
            text = text_of(client.get("/recommendations/3/"))
            assert ("No analyst in post." in text) == sees

    def test_blockers_are_counted_by_type(self, analyst_client, world):
        now = world.now
        for name, causes in {"Essex": ["funding"], "Norfolk": ["funding", "people"]}.items():
            submit(world.assignment(name, 3), at=now, blocker_causes=causes, blockers="Money.")
        text = text_of(analyst_client.get("/recommendations/3/"))
        assert "Funding is the most common blocker (2 of 3)" in text
        assert text.index(">Funding</th>") < text.index(">Not enough people</th>")

    def test_the_former_url_of_the_latest_updates_redirects_for_good(self, analyst_client, world):
        response = analyst_client.get("/recommendations/3/accounts/?page=2")
        assert response.status_code == 301
        assert response.url == "/recommendations/3/latest-updates/?page=2"

    def test_a_past_day_is_shown_and_survives_links(self, analyst_client, world):
        day = (rules.london_day(world.now) - timedelta(days=85)).isoformat()
        text = text_of(analyst_client.get(f"/recommendations/1/?as_at={day}&sort=due"))
        assert "0 of 4 forces have implemented it" in text
        assert "Position at the end of" in text
        assert f'href="/recommendations/2/?as_at={day}&sort=due"' in text
        assert "not a real date" in text_of(analyst_client.get("/recommendations/1/?as_at=x"))

    def test_the_order_survives_a_link_to_another_recommendation(self, analyst_client):
        text = text_of(analyst_client.get("/recommendations/2/?sort=-days"))
        assert 'aria-sort="descending"' in text
        assert 'href="/recommendations/3/?sort=-days"' in text

    def test_all_latest_updates_are_on_one_page(self, analyst_client, world):
        submit(world.assignment("Essex", 3), at=world.now, account="Patrols have begun.")
        text = text_of(analyst_client.get(reverse("latest_updates", args=[3])))
        assert "Patrols have begun." in text
        assert "2 updates, newest first." in text

    def test_an_officer_does_not_see_updates_of_other_organisations(self, client, world):
        submit(world.assignment("Essex", 3), at=world.now, account="Patrols have begun.")
        change_due_date(
            assignment=world.assignment("Essex", 3),
            to=rules.london_day(world.now) + timedelta(days=30),
            reason="A secret reason.",
            by=world.analyst,
            at=world.now,
        )
        client.force_login(world.officer)
        assert "Patrols have begun." not in text_of(client.get(reverse("latest_updates", args=[3])))
        assert "A secret reason." not in text_of(client.get("/recommendations/3/"))

    def test_due_date_changes_are_shown(self, analyst_client, world):
        change_due_date(
            assignment=world.assignment("Essex", 3),
            to=rules.london_day(world.now) + timedelta(days=30),
            reason="Agreed with the unit.",
            by=world.analyst,
            at=world.now,
        )
        assert "Agreed with the unit." in text_of(analyst_client.get("/recommendations/3/"))


class TestForces:
    def test_the_list_is_filtered_by_region(self, analyst_client):
        assert "Kent" in text_of(analyst_client.get("/forces/?region=South East"))

    def test_the_order_and_the_region_are_kept_together(self, analyst_client):
        text = text_of(analyst_client.get("/forces/?region=South East&sort=-overdue"))
        assert 'aria-sort="descending"' in text
        assert "?region=South+East&sort=overdue" in text
        assert '<input type="hidden" name="sort" value="-overdue">' in text

    def test_an_unknown_region_is_ignored(self, analyst_client):
        assert "Kent" in text_of(analyst_client.get("/forces/?region=Mars"))

    def test_national_organisations_are_in_their_own_table(self, analyst_client):
        assert "National organisations and their own recommendations" in text_of(
            analyst_client.get("/forces/")
        )


class TestForce:
    def test_its_officer_sees_the_most_urgent_action_first(self, client, world):
        client.force_login(world.officer)
        response = client.get("/forces/kent/")
        groups = {
            group.title: [int(row.reference) for row in group.rows]
            for group in response.context["page"].groups
        }
        # Returned and overdue, then never reported on, then done
        assert groups == {"Act now: 2": [2, 3], "Done: 1": [1]}
        text = text_of(response)
        assert "1 is overdue and 1 has no update yet." in text
        assert "Returned on 16 Nov" in text
        assert "12 days ago" in text
        assert 'href="/forces/kent/2/update/"' in text

    def test_each_recommendation_is_there_once(self, client, world):
        client.force_login(world.officer)
        text = text_of(client.get("/forces/kent/"))
        table = text[text.index("<table") : text.index("</table>")]
        for number in (1, 2, 3):
            assert table.count(f'href="/forces/kent/{number}/"') == 1

    def test_an_analyst_asks_and_reminds_where_an_officer_sends_updates(
        self, analyst_client, world
    ):
        text = text_of(analyst_client.get("/forces/kent/"))
        assert 'href="/forces/kent/2/questions/"' in text
        assert "/update/" not in text
        claim = world.assignment("Essex", 1).latest_update_id
        assert f'href="/reviews/{claim}/"' in text_of(analyst_client.get("/forces/essex/"))
        page = analyst_client.post("/forces/kent/2/remind/", {"page": "force"}, follow=True)
        assert page.request["PATH_INFO"] == "/forces/kent/"
        assert 'action="/forces/kent/2/remind/"' not in text_of(page)
        assert 'action="/forces/kent/3/remind/"' in text_of(page)

    def test_a_past_day_has_its_own_order_and_no_actions(self, client, world):
        client.force_login(world.officer)
        day = (world.now - timedelta(days=10)).date()
        response = client.get("/forces/kent/", {"as_at": day.isoformat()})
        groups = {
            group.title: [int(row.reference) for row in group.rows]
            for group in response.context["page"].groups
        }
        assert groups == {
            "Act now: 1": [3],
            "Next: 1": [2],
            "Done: 1": [1],
        }  # 2 was not yet returned
        assert "/update/" not in text_of(response)
        assert f"/forces/kent/2/?as_at={day}" in text_of(response)

    def test_analysts_see_when_officers_signed_in(self, analyst_client, client, world):
        assert "has never signed in" in text_of(analyst_client.get("/forces/kent/"))

    def test_another_officer_sees_figures_but_no_links_and_no_people(self, client, world):
        client.force_login(world.officer)
        text = text_of(client.get("/forces/essex/"))
        assert "0 of 3 implemented." in text
        assert "/forces/essex/1/" not in text
        assert "People and dates" not in text
        assert "Send an update" not in text

    def test_an_analyst_sees_its_officers_or_a_warning(self, analyst_client, world):
        assert world.officer.email in text_of(analyst_client.get("/forces/kent/"))
        User.objects.filter(pk=world.officer.pk).update(is_active=False)
        assert "There is no liaison officer" in text_of(analyst_client.get("/forces/kent/"))

    def test_a_national_organisation_has_a_page(self, analyst_client):
        assert "0 of 3 implemented." in text_of(analyst_client.get("/forces/home-office/"))

    def test_an_unknown_organisation_is_not_found(self, analyst_client):
        assert analyst_client.get("/forces/atlantis/").status_code == 404


class TestGroup:
    def test_a_region_shows_only_its_forces(self, analyst_client, world):
        wales = Region.objects.create(name="Wales")
        world.forces["Norfolk"].region = wales
        world.forces["Norfolk"].save()
        text = text_of(analyst_client.get(reverse("region", args=["wales"])))
        assert "The only force in Wales has implemented 0 of 3 recommendations (0%)." in text
        assert "row-norfolk" in text
        assert "row-kent" not in text
        south = text_of(analyst_client.get(reverse("region", args=["south-east"])))
        assert "The 3 forces in South East have implemented 1 of 9" in south

    def test_a_unit_shows_its_forces(self, analyst_client):
        assert "The 4 forces in Eastern" in text_of(
            analyst_client.get(reverse("rocu", args=["eastern"]))
        )

    @pytest.mark.parametrize("kind", ["region", "rocu"])
    def test_an_unknown_group_is_not_found(self, analyst_client, kind):
        assert analyst_client.get(reverse(kind, args=["atlantis"])).status_code == 404

    def test_a_force_is_compared_with_medians(self, analyst_client):
        response = analyst_client.get("/forces/kent/")
        rows = [item.row for item in response.context["marks"]]
        figures = {row.label: (row.own, row.group, row.country) for row in rows}
        assert figures["Implemented"] == ("1", "0", "0")
        assert figures["Overdue"] == ("1", "1", "1")
        assert 'href="/regions/south-east/"' in text_of(response)

    def test_an_officer_sees_figures_but_no_links_to_other_forces(self, client, world):
        client.force_login(world.officer)
        text = text_of(client.get(reverse("region", args=["south-east"])))
        assert "row-essex" in text
        assert 'href="/forces/essex/1/"' not in text


@pytest.mark.parametrize("path", ["/heatmap/", "/recommendations/", "/forces/"])
def test_without_an_inspection_a_page_says_what_to_do(client, path):
    client.force_login(UserFactory())
    assert "No recommendations yet" in text_of(client.get(path))
