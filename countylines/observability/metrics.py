"""`/metrics` for Prometheus, computed on request from PostgreSQL and Redis."""

import hmac
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from recommendations.emails.digests import week_status
from recommendations.emails.digests.week import Week
from recommendations.job_log import broker, figures

log = logging.getLogger(__name__)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the metrics, or 404 without the token of METRICS_TOKEN."""
    if not _is_allowed(request):
        return HttpResponse("There is nothing here.\n", content_type="text/plain", status=404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ServiceCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_allowed(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if not token:
        return not settings.ENVIRONMENT.is_production
    header = request.headers.get("Authorization", "")
    return hmac.compare_digest(header.encode(), f"Bearer {token}".encode())


class ServiceCollector(Collector):
    """Needs a dozen queries and one round trip to Redis. Leaves out what does not respond."""

    def collect(self) -> Iterator[Metric]:
        yield from self._broker()
        try:
            from_database = [*self._jobs(), *self._emails(), *self._flags()]
        except (DatabaseError, InterfaceError) as error:
            log.warning("PostgreSQL does not respond: %s", type(error).__name__)
            connection.close()
            from_database = []
        yield _gauge("database_up", "Whether PostgreSQL responds", int(bool(from_database)))
        yield from from_database

    def _flags(self) -> Iterator[Metric]:
        raised = CounterMetricFamily(
            "countylines_flags_raised", "Flag episodes that have ever started", labels=["flag"]
        )
        for flag, count in figures.flags_raised().items():
            raised.add_metric([flag], count)
        yield raised

    def _jobs(self) -> Iterator[Metric]:
        now = timezone.now()
        is_late, ages = {}, {}
        for job in figures.scheduled_jobs(at=now):
            name = (_task_name(job.key),)
            is_late[name] = int(job.is_late)
            if job.last_success is not None:
                ages[name] = (now - job.last_success.started_at).total_seconds()
        runs = {
            (_task_name(job), state): count
            for (job, state), count in figures.runs_by_state().items()
        }
        parked = {(what,): count for what, count in figures.parked_counts().items()}
        yield _gauges(
            "job_last_success_age_seconds", "Seconds since the job last succeeded", ["job"], ages
        )
        yield _gauges("job_is_late", "1 if a job has missed its time", ["job"], is_late)
        yield _gauges("job_runs", "Recorded runs, by state", ["job", "state"], runs)
        yield _gauges("parked", "What was stopped after five attempts", ["what"], parked)
        yield _gauge(
            "deletion_stopped_items",
            "Items of a large deletion of old data that waits for an administrator",
            figures.stopped_deletion_count(),
        )

    def _broker(self) -> Iterator[Metric]:
        work = broker.get_status(at=timezone.now())
        queues = {(queue,): length for queue, length in work.queues.items()}
        yield _gauge("redis_up", "Whether Redis responds", int(work.is_available))
        yield _gauges("queue_length", "Messages waiting in a queue", ["queue"], queues)
        yield _gauge(
            "workers_alive", "Workers with a heartbeat in the last minute", len(work.workers)
        )

    def _emails(self) -> Iterator[Metric]:
        due, digests = Week.due(at=timezone.now()), {}
        if due is not None:
            count = len(week_status.recipients(due))
            counts = week_status.digest_counts(due, recipients_count=count)
            digests = {(state,): number for state, number in counts.items()}
        emails = week_status.emails_by_state(at=timezone.now())
        yield _gauges("digests", "Digests of the current week, by state", ["state"], digests)
        yield _gauges("emails", "Emails of the last seven days", ["kind", "state"], emails)


def _task_name(task: str) -> str:
    return task.rpartition(".")[2]


def _gauge(name: str, description: str, value: float) -> Metric:
    return _gauges(name, description, [], {(): value})


def _gauges(
    name: str,
    description: str,
    labels: list[str],
    values: Mapping[Any, float],
) -> Metric:
    """A gauge with a value for each tuple of labels."""
    gauge = GaugeMetricFamily(f"countylines_{name}", description, labels=labels)
    for label_values, value in values.items():
        gauge.add_metric(list(label_values), value)
    return gauge
