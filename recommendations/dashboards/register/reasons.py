"""Why a recommendation is where it is in the order of urgency, for pages and emails."""

from recommendations import rules, wording
from recommendations.dashboards.labels import state_of
from recommendations.dashboards.register.returns import ReturnedClaim
from recommendations.positions.positions import Position
from recommendations.rules import Confidence, Flag, Status
from recommendations.update_rules import has_passed


def why(
    position: Position,
    *,
    returned: ReturnedClaim | None,
    is_own: bool,
    sees_documents: bool = True,
) -> str:
    """Return the most important reason: `You forecast 5 Jan 2027, 5 days after the due date`.

    `is_own`: the reader belongs to the organisation. Only readers who see its documents read of
    forecasts and confidence; for others `returned` is None too.
    """
    today, updated_on = position.on, rules.london_day(position.heard_at)
    heard = wording.short_day(updated_on, today=today)
    if position.status == Status.WITHDRAWN:
        return state_of(position).word
    if position.status in rules.CLAIMED:
        late = f", {wording.count(position.days_late, 'day')} late" if position.is_late else ""
        is_waiting = position.status == Status.EVIDENCE_SUBMITTED
        outcome = "is awaiting review" if is_waiting else "accepted"
        if position.is_self_assessed:
            outcome = "accepted by the organisation itself"
        return f"Claim of {heard} {outcome}{late}"
    if returned is not None:
        return _describe_return(returned, position)
    if position.latest_update_id is None:
        return f"No update yet, assigned on {heard}"
    if sees_documents and (words := _describe_outlook(position, is_own=is_own)):
        return words
    if Flag.STALE in position.flags:
        return f"No update for {wording.count((today - updated_on).days, 'day')}"
    return f"Last update on {heard}"


def _describe_return(returned: ReturnedClaim, position: Position) -> str:
    """Return `Returned on 16 Nov: the evidence does not support the claim`."""
    because = "; ".join(f"{cause[0].lower()}{cause[1:]}" for cause in returned.causes)
    day = wording.short_day(returned.on, today=position.on)
    return f"Returned on {day}{': ' if because else ''}{because}"


def _describe_outlook(position: Position, *, is_own: bool) -> str:
    """Return what is notable about the forecast and the confidence, or ""."""
    is_red = position.confidence == Confidence.RED
    if position.forecast_on is None:
        return "Confidence is red, and there is no forecast" if is_red else ""
    day = wording.short_day(position.forecast_on, today=position.on)
    if has_passed(position.forecast_on, on=position.on):
        return f"{'Your' if is_own else 'The'} forecast of {day} has passed"
    forecast = f"{'You forecast' if is_own else 'Forecast'} {day}"
    if rules.is_forecast_late(position):
        late = rules.days_after_due(position.due_on, on=position.forecast_on)
        return f"{forecast}, {wording.count(late, 'day')} after the due date"
    if Flag.STALE in position.flags and not is_red:
        return ""
    return f"{forecast}, confidence {position.confidence}"


def describe_forecast(position: Position) -> str:
    """Return `21 Nov, passed`."""
    if position.forecast_on is None:
        return "None"
    day = wording.short_day(position.forecast_on, today=position.on)
    return f"{day}, passed" if has_passed(position.forecast_on, on=position.on) else day


def describe_flags(position: Position) -> str:
    """Return `at risk, stale, due 31 Dec`."""
    flags = position.flags
    words = [flag.label.lower() for flag in Flag if flag in flags]
    words += ["no update yet"] if position.latest_update_id is None else []
    return ", ".join([*words, f"due {wording.short_day(position.due_on, today=position.on)}"])
