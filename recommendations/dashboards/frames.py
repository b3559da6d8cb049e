"""National pages kept ready whole, with marks where a reader's own things go (design, section 8).

A frame is a page as everybody of one role sees it. Serving it costs one query and a few
replacements. The revision is read before the page is computed: a frame can be newer than its
mark, never older.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.urls import resolve, reverse

from forces.models import Role, User
from forces.permissions import PERMISSIONS, Permission
from recommendations import rules
from recommendations.models import Inspection, Snapshot

PAGES = ("overview", "heatmap", "trends")
ROLES = tuple(
    Role(role) for role, held in PERMISSIONS.items() if Permission.SEE_PAPERS_OF_EVERY_BODY in held
)
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


@dataclass(frozen=True)
class Marks:
    """Where a reader's own things go. Drawn anew for each frame: nobody can write one."""

    seed: str

    @property
    def name(self) -> str:
        return f"name-{self.seed}"

    @property
    def nonce(self) -> str:
        return f"nonce-{self.seed}"

    @property
    def token(self) -> str:
        return f"token-{self.seed}"

    @property
    def time(self) -> str:
        return f"time-{self.seed}"

    @property
    def pinned(self) -> str:
        return f"pinned-{self.seed}"

    @classmethod
    def draw(cls) -> "Marks":
        return cls(secrets.token_hex(16))


@dataclass(frozen=True)
class Frame:
    """A page without its reader."""

    html: str
    marks: Marks

    def page_for(self, *, name: str, nonce: str, token: str, time: str, pinned: str) -> str:
        """The page; the texts are ready to stand in HTML."""
        marks = self.marks
        filled = self.html.replace(marks.name, name).replace(marks.nonce, nonce)
        filled = filled.replace(marks.token, token).replace(marks.time, time)
        return filled.replace(marks.pinned, pinned)


def marks_of(request: HttpRequest) -> Marks | None:
    """The marks to print in place of a reader's own things, where a frame is being made."""
    marks: Marks | None = getattr(request, "_frame_marks", None)
    return marks


_READY = """
SELECT i.id, i.revision, s.html, s.seed, (
    SELECT coalesce(
        json_agg(json_build_array(v.name, v.address) ORDER BY lower(v.name), v.id), '[]'
    )
    FROM recommendations_savedview v WHERE v.owner_id = %(reader)s AND v.is_pinned
)
FROM (
    SELECT id, revision FROM recommendations_inspection ORDER BY published_on DESC, id DESC LIMIT 1
) i
LEFT JOIN recommendations_snapshot s
    ON s.inspection_id = i.id AND s.revision = i.revision
    AND s.name = %(name)s AND s."on" = %(on)s AND s.release = %(release)s
"""


@dataclass(frozen=True)
class Ready:
    """`state` names the figures of the current inspection; the frame is there if it is fresh.

    `pinned` are names and addresses of the reader's own views.
    """

    state: str
    frame: Frame | None
    pinned: list[tuple[str, str]]


def ready(page: str, *, reader: User, on: date) -> Ready:
    """What is known before anything is computed; one query, spelt out, as each visit asks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _READY,
            {
                "name": _name(page, reader.role),
                "on": on,
                "release": str(settings.RELEASE),
                "reader": reader.pk,
            },
        )
        pk, revision, html, seed, pinned = cursor.fetchone() or (None, 0, None, "", [])
    state = f"{settings.RELEASE} {pk} {revision} {on}"
    frame = Frame(html, Marks(seed)) if html is not None else None
    return Ready(state, frame, [(name, address) for name, address in pinned])


def make(page: str, *, role: Role, inspection: Inspection, at: datetime) -> Snapshot:
    """Render the page for a reader of the role through its own view; not saved."""
    marks = Marks.draw()
    path = reverse(page)
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META = {"SERVER_NAME": "frame", "SERVER_PORT": "443"}
    request.user = User(role=role, name=marks.name)
    request.csp_nonce = marks.nonce  # type: ignore[attr-defined]
    request.htmx = False  # type: ignore[attr-defined]
    request._frame_marks = marks  # type: ignore[attr-defined]
    answer = resolve(path).func(request)
    html = _TOKEN.sub(rf"\g<1>{marks.token}", answer.content.decode())
    return Snapshot(
        inspection=inspection,
        name=_name(page, role),
        on=rules.london_day(at),
        revision=inspection.revision,
        release=settings.RELEASE,
        seed=marks.seed,
        made_at=at,
        html=html,
    )


def _name(page: str, role: str) -> str:
    return f"page:{page}:{role}"
