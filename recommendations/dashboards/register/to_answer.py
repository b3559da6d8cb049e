"""What waits for an answer of the reader, as sentences with links at the top of a force's page."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forces.models import Body
from recommendations.dashboards.assignment.approvals import WaitingApproval
from recommendations.dashboards.body_requests.rows import RequestRow, counts_of, request_url
from recommendations.dashboards.questions.questions import OpenQuestion
from recommendations.references import reference_key


def describe_questions(questions: Sequence[OpenQuestion]) -> SafeString:
    """Return ` Reply to the questions on R2, R8.`, with links."""
    if not questions:
        return SafeString()
    noun = "question" if len(questions) == 1 else "questions"
    links = format_html_join(
        ", ",
        '<a class="govuk-link" href="{}">R{}</a>',
        ((question.href, question.reference) for question in questions),
    )
    return format_html(" <strong>Reply to the {} on {}.</strong>", noun, links)


def describe_requests(requests: Sequence[RequestRow], body: Body) -> SafeString:
    """Return ` 2 requests wait for you, 1 late: R2, R8.`, with links."""
    if not requests:
        return SafeString()
    links = format_html_join(
        ", ",
        '<a class="govuk-link" href="{}">R{}</a>',
        ((request_url(row), row.reference) for row in requests),
    )
    return format_html(" <strong>{}: {}.</strong>", counts_of(requests, body).sentence, links)


def describe_approvals(approvals: Sequence[WaitingApproval]) -> SafeString:
    """Return ` Approve or return the updates on R2, R8.`, with links."""
    if not approvals:
        return SafeString()
    noun = "update" if len(approvals) == 1 else "updates"
    in_order = sorted(approvals, key=lambda item: reference_key(item.reference))
    links = format_html_join(
        ", ",
        '<a class="govuk-link" href="{}">R{}</a>',
        ((item.href, item.reference) for item in in_order),
    )
    return format_html(" <strong>Approve or return the {} on {}.</strong>", noun, links)
