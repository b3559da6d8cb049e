"""Every link that a page offers, followed as everybody: it is there, and it is guarded."""

import re
from urllib.parse import urlencode, urlsplit

import pytest

from forces.models import User
from tests.security.asking import Asker
from tests.security.crawl import FRAMES, Crawl, Visit, crawl, route_of
from tests.security.pages import Form, ours, parsed
from tests.security.stage import NARROW, OUTSIDE, PEOPLE, SECRET, Stage

STARTS = ("/", "/accounts/sign-in/", "/help/", "/search/?q=kent", "/search/?q=papers+essex")
HOSTS = {  # of others, to which a page may lead
    "www.gov.uk",
    "ico.org.uk",
    "mcmw.abilitynet.org.uk",
    "www.equalityadvisoryservice.com",
    "www.w3.org",
}
NOT_PERSONAL = re.compile(r"^/static/|^/api/v1/openapi.json")
INLINE = re.compile(r"^on[a-z]+$|^style$")


@pytest.mark.parametrize("name", PEOPLE)
def test_what_is_offered_is_there_and_guarded(name: str, stage: Stage):
    asker = Asker(stage, name)
    found = crawl(asker, *STARTS)
    faults = [
        f"{visit.path} (offered on {visit.on}) {fault}"
        for visit in found.visits
        for fault in _faults(visit, stage, name)
    ]
    faults += [*_dead_forms(asker, found), *_strangers(found)]
    assert not faults, "\n".join(faults)
    least = {"no factor": 30} | dict.fromkeys(OUTSIDE, 15)  # who is led elsewhere sees less
    assert len(found.visits) > least.get(name, 60)


def _faults(visit: Visit, stage: Stage, name: str) -> list[str]:
    answer, body = visit.answer, visit.answer.whole
    faults = [] if answer.status_code < 400 else [f"answers {answer.status_code}."]
    if name in NARROW:
        faults += [f"shows {word!r}." for word in _others_words(stage, name) if word in body]
    if not NOT_PERSONAL.match(visit.path):
        faults += _headers(visit)
    if visit.is_page:
        faults += _inline(visit)
    return faults


def _others_words(stage: Stage, name: str) -> list[bytes]:
    """The papers of Essex, and the addresses of people of other bodies."""
    if not hasattr(stage, "_words"):
        body = stage.people["officer"].body
        people = User.objects.exclude(body=None).exclude(body=body)
        words = [SECRET, *people.values_list("email", flat=True)]
        stage.__dict__["_words"] = [word.encode() for word in words]
    return stage.__dict__["_words"]


def _headers(visit: Visit) -> list[str]:
    """Headers that are missing, or say too little."""
    headers, is_frame = visit.answer.headers, bool(FRAMES.match(visit.path))
    is_file = headers.get("Content-Disposition", "").startswith("attachment")
    policy = headers.get("Content-Security-Policy", "")
    cache = headers.get("Cache-Control", "")
    wanted = {
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "a referrer policy": headers.get("Referrer-Policy") == "same-origin",
        "a permissions policy": "camera=()" in headers.get("Permissions-Policy", ""),
        "no framing": headers.get("X-Frame-Options") == ("SAMEORIGIN" if is_frame else "DENY"),
        "a content policy": "default-src 'none'" in policy and "unsafe-eval" not in policy,
        "no inline styles": is_frame or "unsafe-inline" not in policy,
        "who may frame it": is_file
        or f"frame-ancestors '{'self' if is_frame else 'none'}'" in policy,
        "no keeping": "private" in cache and ("no-store" in cache or "no-cache" in cache),
    }
    return [f"lacks {what}: {dict(headers)}" for what, is_there in wanted.items() if not is_there]


def _inline(visit: Visit) -> list[str]:
    page, faults = parsed(visit.answer.whole), []
    is_frame = bool(FRAMES.match(visit.path))
    for tag in page.find_all(True):
        inline = [name for name in tag.attrs if INLINE.match(name)]
        if inline and not (is_frame and inline == ["style"]):
            faults.append(f"has {inline} in <{tag.name}>.")
        if tag.name == "style" and not is_frame:
            faults.append("has styles of its own.")
        if tag.name == "script" and not (tag.get("src") or tag.get("nonce") or _is_data(tag)):
            faults.append("has a script without a nonce.")
    return faults


def _is_data(tag) -> bool:
    return tag.get("type") == "application/json"


def _dead_forms(asker: Asker, found: Crawl) -> list[str]:
    """A form that is shown can be sent: whatever it lacks is said, and nothing is refused."""
    faults, sent = [], set()
    for form, on in found.forms.items():
        if form.method != "POST" or ours(form.action) is None:
            continue
        kind = (route_of(form.action), form.names)
        if kind in sent:
            continue
        sent.add(kind)
        status = _sent(asker, form)
        if status >= 400 and status not in {409, 422}:
            faults.append(f"The form of {on} to {form.action} answers {status}.")
    return faults


def _sent(asker: Asker, form: Form) -> int:
    data = urlencode(form.fields)
    kind = "application/x-www-form-urlencoded"
    return asker.ask("POST", form.action, data=data, content_type=kind).status_code


def _strangers(found: Crawl) -> list[str]:
    return [
        f"{on} leads to {address}."
        for address, on in found.others.items()
        if urlsplit(address).scheme not in {"mailto", "data"}
        and not (urlsplit(address).scheme == "https" and urlsplit(address).netloc in HOSTS)
    ]
