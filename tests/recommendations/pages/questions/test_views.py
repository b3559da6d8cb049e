"""Questions between a force and the analysts: asking, replying, and the next digest."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from forces.models import Role
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.emails.digests.builder import digest_email
from recommendations.emails.digests.source import DigestSource
from recommendations.models import Question, Reply
from recommendations.models.question import Side
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory
from tests.recommendations.pages.pages import place, text_of

pytestmark = pytest.mark.django_db
SIDES = st.sampled_from([Side.BODY, Side.ANALYSTS])


def url_of(assignment) -> str:
    return reverse("questions", args=place(assignment))


def test_a_question_is_asked_and_answered(client, assignment, officer, analyst):
    client.force_login(analyst)
    page = client.post(url_of(assignment), {"text": "How many sergeants?"}, follow=True)
    assert "Question sent. It will be in " in text_of(page)
    assert "Open. Waiting for" in text_of(page)
    assert "Reply" not in text_of(page)  # to their own question
    question = Question.objects.get()
    client.force_login(officer)
    own = text_of(client.get(reverse("force", args=[assignment.body.slug])))
    assert ", asked on " in own
    assert "Questions: 1 open" in text_of(client.get(assignment.get_absolute_url()))
    typed = {"reply_to": question.pk, f"reply-{question.pk}-text": "Forty."}
    page = client.post(url_of(assignment), typed, follow=True)
    assert "Answered." in text_of(page)
    client.post(url_of(assignment), typed)
    assert Reply.objects.count() == 1  # a second click
    assert "Reply to question 1" in text_of(client.get(assignment.get_absolute_url()))


def test_errors_are_shown_at_their_field_and_keep_the_text(client, assignment, officer, analyst):
    question = ask_question(assignment=assignment, text="Why?", by=analyst, at=timezone.now())
    client.force_login(officer)
    assert "Enter your question" in text_of(client.post(url_of(assignment), {"text": " "}))
    page = client.post(url_of(assignment), {"reply_to": question.pk})
    assert text_of(page).count("Enter your reply") == 2
    long = "x" * 4001
    page = client.post(url_of(assignment), {"text": long})
    assert long in text_of(page)
    assert Question.objects.count() == 1


def test_only_the_force_and_the_analysts_write(client, assignment, officer):
    question = ask_question(assignment=assignment, text="Why?", by=officer, at=timezone.now())
    observer = UserFactory(role=Role.OBSERVER, body=assignment.body)
    client.force_login(observer)
    page = client.get(url_of(assignment))
    assert "Why?" in text_of(page)
    assert "Ask a question" not in text_of(page)
    assert client.post(url_of(assignment), {"text": "Me too?"}).status_code == 404
    with pytest.raises(Refusal, match="Only the organisation's liaison officers"):
        reply_to_question(question=question, text="No.", by=observer, at=timezone.now())
    client.force_login(OfficerFactory())
    assert client.get(url_of(assignment)).status_code == 404
    assert client.post(url_of(assignment), {"text": "?"}).status_code == 404
    assert client.get(reverse("all_questions")).status_code == 404


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "\x00", "-1"])
def test_a_reply_to_an_unknown_question_is_not_found(client, assignment, officer, key):
    client.force_login(officer)
    assert client.post(url_of(assignment), {"reply_to": key}).status_code == 404


def test_the_analysts_list_shows_who_is_waiting(client, assignment, officer, analyst):
    ask_question(assignment=assignment, text="May we?", by=officer, at=timezone.now())
    other = AssignmentFactory(recommendation=assignment.recommendation)
    ask_question(assignment=other, text="Could you?", by=analyst, at=timezone.now())
    client.force_login(analyst)
    shown = text_of(client.get(reverse("all_questions")))
    for_analysts, for_bodies = shown.split("Waiting for an organisation")
    assert assignment.body.short_name in for_analysts
    assert other.body.short_name in for_bodies
    assert "May we?" not in shown


@settings(max_examples=30)
@given(asker=SIDES, replies=st.lists(SIDES, max_size=4))
def test_open_means_the_same_in_python_and_in_the_database(asker, replies):
    with transaction.atomic():
        assignment = AssignmentFactory()
        by, at = UserFactory(), timezone.now()
        question = Question.objects.create(
            assignment=assignment, number=1, side=asker, text="?", asked_at=at, asked_by=by
        )
        for number, side in enumerate(replies, start=1):
            Reply.objects.create(
                question=question,
                number=number,
                side=side,
                text="!",
                replied_at=at,
                replied_by=by,
            )
        ordered = list(question.replies.all())
        assert Question.objects.open().exists() == question.is_open_after(ordered)
        transaction.set_rollback(True)


def test_the_next_digest_has_questions_and_answers_without_their_text(assignment, officer, analyst):
    now = timezone.now()
    on = rules.london_day(now)
    first = ask_question(assignment=assignment, text="Secret one", by=officer, at=now)
    ask_question(assignment=assignment, text="Secret two", by=analyst, at=now)

    def headings(later: int = 0) -> dict[str, dict[str, list[str]]]:
        today = on + timedelta(days=later)
        source = DigestSource(assignment.recommendation.inspection, on=today)
        since = now + timedelta(days=later - 7)
        digests = {
            name: digest_email(source, body, since=since, sees_more=sees_more)
            for name, body, sees_more in [
                ("body", assignment.body, True),
                ("analysts", None, True),
                ("observers", None, False),
            ]
        }
        assert "Secret" not in str(digests)
        return {
            name: {
                section.heading.split(" since")[0]: [row.links[0].path for row in section.rows]
                for section in (*digest.above, *digest.below)
            }
            for name, digest in digests.items()
        }

    assert headings()["body"]["Questions to you"] == [url_of(assignment)]
    assert headings()["body"]["New"] == []
    assert headings()["analysts"]["Waits for the Home Office"] == ["/questions/"]
    assert headings()["observers"]["Waits for the Home Office"] == []
    reply_to_question(question=first, text="Secret three", by=analyst, at=now)
    assert headings()["body"]["New"] == [url_of(assignment)]
    assert headings()["analysts"]["Waits for the Home Office"] == []
    assert headings(later=9)["body"]["New"] == []


@pytest.mark.django_db(transaction=True)
def test_simultaneous_replies_have_different_numbers():
    assignment = AssignmentFactory()
    officer = OfficerFactory(body=assignment.body)
    question = ask_question(assignment=assignment, text="?", by=officer, at=timezone.now())

    def reply(text: str) -> int:
        try:
            return reply_to_question(
                question=question, text=text, by=officer, at=timezone.now()
            ).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(reply, "abcd")) == [1, 2, 3, 4]


def test_more_questions_need_no_more_queries(client, assignment, officer, analyst):
    client.force_login(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url_of(assignment)).status_code == 200
        return len(captured)

    counts = set()
    for number in range(3):
        question = ask_question(
            assignment=assignment, text=f"{number}?", by=officer, at=timezone.now()
        )
        reply_to_question(question=question, text="!", by=analyst, at=timezone.now())
        counts.add(queries())
    assert len(counts) == 1
    assert max(counts) <= 9
