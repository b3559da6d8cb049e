"""News that do not wait for Monday, merged into at most one mail an hour for each reader."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from forces.models import Role, User
from recommendations.advisory_lock import alone
from recommendations.emails.alerts.alert_email import NewsMail
from recommendations.emails.alerts.events import Event, of_news, recent
from recommendations.emails.rendering import render
from recommendations.emails.sections import shortened
from recommendations.models import Inspection, MailContent, News, OutboxMail
from recommendations.readers import NEWS_ROLES, choice_of

APART = timedelta(hours=1)
AT_ONCE = OutboxMail.Kind.AT_ONCE
MOST = 10  # items under one heading
SLICE = 500  # readers told in one transaction
_LOCK = 0x1319  # a name space of advisory locks

HEADINGS: dict[str, str] = {
    News.Kind.CLAIM_RETURNED: "Claim returned",
    News.Kind.MORE_TIME_DECIDED: "Request for more time decided",
    News.Kind.QUESTION_ANSWERED: "Question answered",
    News.Kind.REVIEW_LATE: "Review late",
}


def tell_at_once(*, at: datetime) -> int:
    """Look what happened, and make the mails that may go now; how many."""
    inspection = Inspection.objects.current()
    if inspection is None:
        return 0
    gather(inspection, at=at)
    with alone(_LOCK, inspection.pk) as is_free:
        return tell(inspection, at=at) if is_free else 0


def gather(inspection: Inspection, *, at: datetime) -> None:
    """A row for each reader and event of late: however often this runs, each once."""
    events = recent(inspection, at=at)
    if not events:
        return
    officers, analysts, joined = _people()
    News.objects.bulk_create(
        [
            News(reader_id=reader_id, kind=event.kind, event_id=event.key, happened_at=event.at)
            for event in events
            for reader_id in _concerned(event, officers, analysts)
            if reader_id != event.actor_id and event.at >= joined[reader_id]
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def _people() -> tuple[dict[int | None, set[int]], set[int], dict[int, datetime]]:
    """The officers by body, the analysts, and since when each of them is here."""
    told = User.objects.filter(is_active=True, role__in=NEWS_ROLES)
    officers: dict[int | None, set[int]] = defaultdict(set)
    analysts, joined = set(), {}
    for pk, role, body_id, joined_at in told.values_list("pk", "role", "body_id", "joined_at"):
        joined[pk] = joined_at
        if role == Role.ANALYST:
            analysts.add(pk)
        else:
            officers[body_id].add(pk)
    return officers, analysts, joined


def _concerned(
    event: Event, officers: dict[int | None, set[int]], analysts: set[int]
) -> Iterable[int]:
    if event.person_id is not None:
        return {event.person_id} & analysts
    return analysts if event.body_id is None else officers[event.body_id]


def tell(inspection: Inspection, *, at: datetime) -> int:
    """One mail for each reader who has news, was sent none within the hour, and waits for none."""
    made = 0
    while (told := _tell_slice(inspection, at=at)) is not None:
        made += told
    return made


@transaction.atomic
def _tell_slice(inspection: Inspection, *, at: datetime) -> int | None:
    lately = Q(state=OutboxMail.State.WAITING) | Q(sent_at__gt=at - APART)
    told_lately = OutboxMail.objects.filter(lately, reader=OuterRef("reader"), kind=AT_ONCE)
    untold = News.objects.filter(told_at=None).exclude(Exists(told_lately))
    readers = list(untold.order_by("reader_id").values_list("reader_id").distinct()[:SLICE])
    rows = list(untold.filter(reader__in=[pk for (pk,) in readers]).order_by("happened_at", "pk"))
    if not rows:
        return None
    events = of_news(inspection, rows)
    by_reader: dict[int, list[News]] = defaultdict(list)
    for row in rows:
        by_reader[row.reader_id].append(row)
    people = User.objects.select_related("body", "mail_choice").in_bulk(list(by_reader))
    contents: dict[NewsMail, MailContent] = {}
    mails: dict[int, OutboxMail] = {}
    for pk, news in by_reader.items():
        if (told := _told(inspection, people[pk], news, events)) is not None:
            if told not in contents:
                contents[told] = render(told, at=at)
            mails[pk] = OutboxMail.to(people[pk], contents[told], kind=AT_ONCE, at=at)
    MailContent.objects.bulk_create(contents.values())
    OutboxMail.objects.bulk_create(mails.values())
    for row in rows:
        row.told_at, row.mail = at, mails.get(row.reader_id)
    News.objects.bulk_update(rows, ["told_at", "mail"], batch_size=1000)
    return len(mails)


def _told(
    inspection: Inspection,
    reader: User,
    news: list[News],
    events: dict[tuple[str, int], Event],
) -> NewsMail | None:
    """Nothing where the reader wants none, or all of it is moot by now."""
    choice = choice_of(reader)
    if not (reader.is_active and choice.at_once) or choice.bounces(reader.email):
        return None
    items = defaultdict(list)
    for row in news:
        event = events.get((row.kind, row.event_id))
        if event is not None and _still_concerns(event, reader):
            items[row.kind].append(event.item)
    if not items:
        return None
    path = reverse("force", args=[reader.body.slug]) if reader.body else reverse("reviews")
    return NewsMail(
        sections=tuple(
            shortened(heading, items[kind], most=MOST)
            for kind, heading in HEADINGS.items()
            if items[kind]
        ),
        counts=tuple(len(items[kind]) for kind in HEADINGS if items[kind]),
        path=path,
        is_synthetic=inspection.is_synthetic,
    )


def _still_concerns(event: Event, reader: User) -> bool:
    """Nobody is told by a role or body that they have lost meanwhile."""
    if event.body_id is not None:
        return reader.role == Role.LIAISON_OFFICER and reader.body_id == event.body_id
    return reader.role == Role.ANALYST
