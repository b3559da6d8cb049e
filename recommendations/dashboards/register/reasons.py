"""Why a recommendation needs an update from its organisation, in sentences and in a few words."""

from collections.abc import Iterator

from recommendations import rules, wording
from recommendations.dashboards.labels import describe_days
from recommendations.models import Review
from recommendations.models.review import ReturnCause
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status
from recommendations.update_rules import has_passed


def needs_update(position: Position) -> bool:
    """Return whether an open assignment has a reason: a flag, a returned claim or an old forecast.

    One that has not been started has a reason too.
    """
    has_reason = position.flags or position.status == Status.NOT_STARTED or position.is_returned
    return bool(has_reason) or _has_forecast_passed(position)


def reasons(position: Position, *, returned: Review | None) -> Iterator[str]:
    """Yield a sentence for each reason; how long it has been overdue is not one of them."""
    if not position.is_overdue:
        yield f"Due {describe_days(position.due_on, on=position.on)}."
    if position.latest_update_id is None:
        yield "No update yet."
        return
    if returned is not None:
        yield _return_sentence(position, returned)
    if position.status == Status.NOT_STARTED:
        yield "Not started."
    yield _forecast_sentence(position)
    if position.confidence == rules.Confidence.RED and not position.is_overdue:
        yield "Confidence is red."
    if Flag.STALE in position.flags:
        days = (position.on - rules.london_day(position.heard_at)).days
        yield f"No update for {days} days."


def _has_forecast_passed(position: Position) -> bool:
    return position.forecast_on is not None and has_passed(position.forecast_on, on=position.on)


def _return_sentence(position: Position, review: Review) -> str:
    """Return `Returned on 16 November: the evidence does not support the claim.`"""
    correction = review.latest_correction
    at = correction.corrected_at if correction else review.reviewed_at
    causes = [ReturnCause(cause).label for cause in review.causes if cause != ReturnCause.OTHER]
    because = "; ".join(f"{cause[0].lower()}{cause[1:]}" for cause in causes)
    day = wording.day(rules.london_day(at), today=position.on)
    return f"Returned on {day}{': ' if because else ''}{because}."


def _forecast_sentence(position: Position) -> str:
    """Return `Forecast 4 January 2027, 96 days after the due date.`"""
    if position.forecast_on is None:
        return "No forecast."
    forecast = wording.day(position.forecast_on, today=position.on)
    if has_passed(position.forecast_on, on=position.on):
        return f"The forecast of {forecast} has passed."
    late = rules.days_after_due(position.due_on, on=position.forecast_on)
    after = f", {wording.count(late, 'day')} after the due date" if late > 0 else ""
    return f"Forecast {forecast}{after}."


def describe_forecast(position: Position) -> str:
    """Return `21 Nov, passed`."""
    if position.forecast_on is None:
        return "None"
    day = wording.short_day(position.forecast_on, today=position.on)
    return f"{day}, passed" if has_passed(position.forecast_on, on=position.on) else day


def describe_flags(position: Position) -> str:
    """Return `at risk, stale, due 31 Dec`."""
    words = [flag.label.lower() for flag in Flag if flag in position.flags]
    words += ["no update yet"] if position.latest_update_id is None else []
    return ", ".join([*words, f"due {wording.short_day(position.due_on, today=position.on)}"])
