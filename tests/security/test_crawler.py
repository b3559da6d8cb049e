"""Every link and form shown to a user works, and every response has the security headers."""

import re
from urllib.parse import urlencode, urlsplit

import pytest

from forces.models import User
from tests.security.clients import UserClient
from tests.security.crawler import EMAIL_FRAMES, Crawl, CrawledPage, crawl, route_of
from tests.security.pages import Form, local_path
from tests.security.scenario import LIMITED, NOT_SIGNED_IN, SECRET, USERS, Scenario

STARTS = ("/", "/accounts/sign-in/", "/help/", "/search/?q=kent", "/search/?q=known+essex")
LINKED_HOSTS = {
    "www.gov.uk",
    "ico.org.uk",
    "mcmw.abilitynet.org.uk",
    "www.equalityadvisoryservice.com",
    "www.w3.org",
    "example.org",  # the made-up link to a published response
}
MIN_PAGES = {"no factor": 30, "policing": 35} | dict.fromkeys(
    NOT_SIGNED_IN, 15
)  # these users are redirected
NOT_PERSONAL = re.compile(r"^/static/|^/api/v1/openapi.json")
INLINE = re.compile(r"^on[a-z]+$|^style$")
JSON = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("name", USERS)
def test_every_link_and_form_shown_to_a_user_works_and_is_safe(name: str, scenario: Scenario):
    client = UserClient(scenario, name)
    starts = [path for path in STARTS if name != "policing" or "search" not in path]
    result = crawl(client, *starts)
    forbidden = _words_of_others(scenario, name) if name in LIMITED else []
    faults = [
        f"{page.path} (linked from {page.source}) {fault}"
        for page in result.pages
        for fault in _faults(page, forbidden)
    ]
    faults += [*_failing_forms(client, result), *_unknown_hosts(result)]
    assert not faults, "\n".join(faults)
    assert len(result.pages) > MIN_PAGES.get(name, 60)


def _faults(page: CrawledPage, forbidden: list[bytes]) -> list[str]:
    response = page.response
    faults = [f"responds {response.status_code}."] if response.status_code >= 400 else []
    faults += [f"shows {word!r}." for word in forbidden if word in response.body]
    if not NOT_PERSONAL.match(page.path):
        faults += _missing_headers(page)
    return faults + _inline_code(page)


def _words_of_others(scenario: Scenario, name: str) -> list[bytes]:
    """Return the text of Essex's records and the email addresses of other forces' users."""
    users = User.objects.exclude(body=None).exclude(body=scenario.users["officer"].body)
    users = users.exclude(pk=scenario.users[name].pk)
    return [word.encode() for word in (SECRET, *users.values_list("email", flat=True))]


def _missing_headers(page: CrawledPage) -> list[str]:
    headers, is_frame = page.response.headers, bool(EMAIL_FRAMES.match(page.path))
    is_file = headers.get("Content-Disposition", "").startswith("attachment")
    policy = headers.get("Content-Security-Policy", "")
    cache = headers.get("Cache-Control", "")
    ancestors = f"frame-ancestors '{'self' if is_frame else 'none'}'"
    checks = {
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "a referrer policy": headers.get("Referrer-Policy") == "same-origin",
        "a permissions policy": "camera=()" in headers.get("Permissions-Policy", ""),
        "frame options": headers.get("X-Frame-Options") == ("SAMEORIGIN" if is_frame else "DENY"),
        "a content policy": "default-src 'none'" in policy and "unsafe-eval" not in policy,
        "a ban on inline styles": is_frame or "unsafe-inline" not in policy,
        "frame ancestors": is_file or ancestors in policy,
        "private caching": "private" in cache and ("no-store" in cache or "no-cache" in cache),
    }
    return [f"lacks {name}: {dict(headers)}" for name, passed in checks.items() if not passed]


def _inline_code(page: CrawledPage) -> list[str]:
    faults: list[str] = []
    is_frame = bool(EMAIL_FRAMES.match(page.path))
    for element in () if page.tree is None else page.tree.iter("*"):
        inline = [name for name in element.attrib if INLINE.match(name)]
        if inline and not (is_frame and inline == ["style"]):
            faults.append(f"has {inline} in <{element.tag}>.")
        if element.tag == "style" and not is_frame:
            faults.append("has an inline style sheet.")
        is_allowed = element.get("src") or element.get("nonce")
        if element.tag == "script" and not (is_allowed or element.get("type") == JSON):
            faults.append("has a script without a nonce.")
    return faults


def _failing_forms(client: UserClient, result: Crawl) -> list[str]:
    """Return the forms that, submitted unchanged, are denied or fail. 409 and 422 are refusals."""
    faults: list[str] = []
    submitted: set[tuple[str, tuple[str, ...]]] = set()
    for form, source in result.forms.items():
        if form.method != "POST" or local_path(form.action) is None:
            continue
        kind = (route_of(form.action), form.names)
        if kind in submitted:
            continue
        submitted.add(kind)
        status = _submit(client, form)
        if status >= 400 and status not in {409, 422}:
            faults.append(f"The form of {source} to {form.action} responds {status}.")
    return faults


def _submit(client: UserClient, form: Form) -> int:
    data = urlencode(form.fields)
    return client.send("POST", form.action, data=data, content_type=FORM_TYPE).status_code


def _unknown_hosts(result: Crawl) -> list[str]:
    return [
        f"{source} links to {url}."
        for url, source in result.other_urls.items()
        if urlsplit(url).scheme not in {"mailto", "data"}
        and not (urlsplit(url).scheme == "https" and urlsplit(url).netloc in LINKED_HOSTS)
    ]
