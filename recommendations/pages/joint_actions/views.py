"""Joint actions: the list, one of them, and the forms that create and change them."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.models import Body
from forces.permissions import (
    Permission,
    may_see_documents,
    may_see_joint_action,
    requires,
)
from forces.refusal import Refusal
from recommendations.actions.joint_actions import (
    add_joint_event,
    allowed_kinds,
    create_joint_action,
    evidence_of,
    extend_joint_action,
    is_owner,
)
from recommendations.dashboards.joint_actions.page import JointPage, joint_action_page
from recommendations.dashboards.joint_actions.rows import (
    COLUMNS,
    NOTE,
    ROW_KEYS,
    SHOWN,
    figure,
    joint_actions_at,
    share_of_forces_at,
)
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.dashboards.parameters import parse_choice, parse_reference
from recommendations.dashboards.sorting import parse_sort, sort_heads, sort_rows
from recommendations.joint_rules import Kind, state_of
from recommendations.models import JointAction, JointStep
from recommendations.page_urls import page_url
from recommendations.pages.joint_actions.forms import ExtendForm, JointActionForm, JointEventForm
from recommendations.pages.lookups import (
    current_inspection,
    find_assignment_to_update,
    find_inspection,
)
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown
from recommendations.rules import OPEN, london_day


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def joint_actions(request: PastDayRequest) -> HttpResponse:
    """List the joint actions that the reader may read, with figures of all of them."""
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Joint actions"})
    notes: list[str] = []
    reference = parse_reference(request.GET.get("recommendation", ""), notes)
    show = parse_choice(request.GET.get("show", ""), SHOWN, noun="choice", notes=notes)
    sort = parse_sort(request.GET.get("sort", ""), ROW_KEYS, default="due")
    today = london_day(request.now)
    on = request.past.on if request.past else today
    rows = joint_actions_at(inspection, request.past, today=today, reference=reference)
    shown = [row for row in rows if row.is_shown(show)]
    readable = [row for row in shown if may_see_joint_action(request.user, row.bodies)]
    context = {
        "figure": figure([row.state for row in rows], on=on),
        "share": share_of_forces_at(
            inspection, before=request.past.before if request.past else None
        ),
        "reference": reference,
        "rows": sort_rows(readable, sort, ROW_KEYS),
        "hidden_count": len(shown) - len(readable),
        "head": sort_heads(COLUMNS, query=request.GET, current=sort),
        "width": len(COLUMNS),
        "note": NOTE,
        "notes": notes,
        "segments": [
            {
                "text": text,
                "number": sum(row.is_shown(key) for row in rows),
                "href": page_url(
                    "joint_actions", past=request.past, show=key, recommendation=reference
                ),
                "is_current": key == show,
            }
            for key, text in SHOWN.items()
        ],
        "downloads": page_downloads(
            "joint-actions",
            past=request.past,
            filters={"show": show, "recommendation": reference},
            tables=[("joint-actions", "Joint actions")],
        ),
        "position_time": time_shown(request),
    }
    return render(request, "joint_actions/list.html", context)


@resumed_form.resumable
@get_or_post
@shows_past_day
def joint_action(request: PastDayRequest, action_id: int) -> HttpResponse:
    """One joint action, with a form for what happened, for those who can record something now."""
    found = _find(request, action_id)
    state = state_of(found.created_at, found.due_on, found.events.all())
    allowed = () if request.past else allowed_kinds(found, state, request.user)
    if request.method == "POST" and not allowed:
        raise Http404
    form = JointEventForm(
        resumed_form.posted_or_resumed(request),
        allowed=allowed,
        steps=_open_steps(found),
        updates=evidence_of(found) if Kind.CLOSED in allowed else [],
        seen=len(found.events.all()),
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            add_joint_event(action=found, by=request.user, at=request.now, **form.cleaned_data)
        except Refusal as refusal:
            notice = str(refusal)
            found = _find(request, action_id)
        else:
            messages.success(request, "Saved.")
            return redirect("joint_action", action_id)
    can_extend = is_owner(found, request.user) and state.is_open and request.past is None
    context = {
        "page": _page(request, found),
        "assignment": found.assignment,
        "form": form if allowed else None,
        "needs_evidence": Kind.CLOSED in allowed and "update" not in form.fields,
        "extend_url": reverse("joint_action_extend", args=[action_id]) if can_extend else "",
        "notice": notice,
    }
    return render(request, "joint_actions/action.html", context, status=409 if notice else 200)


@resumed_form.resumable
@get_or_post
def joint_action_create(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """The form for a new joint action of the assignment's organisation."""
    assignment = find_assignment_to_update(request, slug, reference)
    form = JointActionForm(
        resumed_form.posted_or_resumed(request),
        bodies=_others({assignment.body_id}),
        on=london_day(request.now),
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = create_joint_action(
                assignment=assignment, by=request.user, at=request.now, **form.cleaned_data
            )
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, "Joint action saved. Now you can add its steps.")
            return redirect("joint_action_extend", made.pk)
    context = {
        "assignment": assignment,
        "form": form if assignment.status in OPEN else None,
        "notice": notice,
    }
    return render(request, "joint_actions/create.html", context, status=409 if notice else 200)


@resumed_form.resumable
@get_or_post
def joint_action_extend(request: ReaderRequest, action_id: int) -> HttpResponse:
    """The owner's form that adds steps and organisations to a joint action."""
    found = _find(request, action_id)
    state = state_of(found.created_at, found.due_on, found.events.all())
    if not is_owner(found, request.user) or not state.is_open:
        raise Http404
    form = ExtendForm(
        resumed_form.posted_or_resumed(request),
        bodies=_others({body.pk for body in found.bodies}),
        until=found.due_on,
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            extend_joint_action(action=found, by=request.user, at=request.now, **form.cleaned_data)
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("joint_action_extend", action_id)
    context = {
        "page": _page(request, found),
        "assignment": found.assignment,
        "form": form,
        "notice": notice,
    }
    return render(request, "joint_actions/extend.html", context, status=409 if notice else 200)


def _find(request: ReaderRequest, action_id: int) -> JointAction:
    """Return a joint action, as it was on the past day. Raises Http404 if it is not visible."""
    past = getattr(request, "past", None)
    rows = JointAction.objects.of(find_inspection(request), before=past.before if past else None)
    found = get_object_or_404(rows, pk=action_id)
    if not may_see_joint_action(request.user, found.bodies):
        raise Http404
    return found


def _page(request: ReaderRequest, action: JointAction) -> JointPage:
    return joint_action_page(
        action,
        past=getattr(request, "past", None),
        today=london_day(request.now),
        shows_files=may_see_documents(request.user, action.assignment.body),
    )


def _open_steps(action: JointAction) -> list[JointStep]:
    done = {event.step_id for event in action.events.all()}
    return [step for step in action.steps.all() if step.pk not in done]


def _others(present: set[int]) -> list[Body]:
    rows = Body.objects.assignable().existing().order_by("kind", "short_name")
    return list(rows.filter(~Q(pk__in=present)))
