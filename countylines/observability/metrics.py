"""`/metrics` for Prometheus: computed when it is asked, from PostgreSQL and Redis."""

import hmac
import logging
from collections.abc import Iterator

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
    """With the token of METRICS_TOKEN; without that setting, in development only."""
    if not _may_read(request):
        return HttpResponse("There is nothing here.\n", content_type="text/plain", status=404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if not token:
        return not settings.ENVIRONMENT.is_production
    said = request.headers.get("Authorization", "")
    return hmac.compare_digest(said.encode(), f"Bearer {token}".encode())


class Figures(Collector):
    """A dozen queries and one round trip to Redis. What one of them does not tell is left out."""

    def collect(self) -> Iterator[Metric]:
        yield from self._work()
        up = GaugeMetricFamily("countylines_database_up", "Whether PostgreSQL answers")
        try:
            told = [*self._jobs(), *self._mail(), *self._flags()]
        except (DatabaseError, InterfaceError) as error:
            log.warning("PostgreSQL does not answer: %s", type(error).__name__)
            connection.close()
            told = []
        up.add_metric([], int(bool(told)))
        yield from (up, *told)

    def _flags(self) -> Iterator[Metric]:
        raised = CounterMetricFamily(
            "countylines_flags_raised", "Flag episodes that ever began", labels=["flag"]
        )
        for flag, count in figures.flags_raised().items():
            raised.add_metric([flag], count)
        yield raised

    def _jobs(self) -> Iterator[Metric]:
        now = timezone.now()
        ages = GaugeMetricFamily(
            "countylines_job_last_success_age_seconds",
            "Seconds since the job last ended well",
            labels=["job"],
        )
        late = GaugeMetricFamily(
            "countylines_job_is_late", "1 where a job has missed its time", labels=["job"]
        )
        for job in figures.scheduled(at=now):
            name = job.key.rpartition(".")[2]
            late.add_metric([name], int(job.is_late))
            if job.last_success is not None:
                ages.add_metric([name], (now - job.last_success.started_at).total_seconds())
        runs = GaugeMetricFamily(
            "countylines_job_runs", "Runs kept, by how they ended", labels=["job", "state"]
        )
        for (job_name, state), count in figures.runs_by_state().items():
            runs.add_metric([job_name.rpartition(".")[2], state], count)
        parked = GaugeMetricFamily(
            "countylines_parked", "What was given up after five tries", labels=["what"]
        )
        for what, count in figures.parked().items():
            parked.add_metric([what], count)
        yield from (ages, late, runs, parked)

    def _work(self) -> Iterator[Metric]:
        work = broker.work(at=timezone.now())
        up = GaugeMetricFamily("countylines_redis_up", "Whether Redis answers")
        up.add_metric([], int(work.answers))
        lengths = GaugeMetricFamily(
            "countylines_queue_length", "Messages that nobody has taken", labels=["queue"]
        )
        for queue, length in work.queues.items():
            lengths.add_metric([queue], length)
        alive = GaugeMetricFamily("countylines_workers_alive", "Workers heard within a minute")
        alive.add_metric([], len(work.workers))
        yield from (up, lengths, alive)

    def _mail(self) -> Iterator[Metric]:
        due = Week.due(at=timezone.now())
        digests = GaugeMetricFamily(
            "countylines_digests", "Digests of the week that is due, by state", labels=["state"]
        )
        for state, count in (week_status.counted(due) if due else {}).items():
            digests.add_metric([state], count)
        mails = GaugeMetricFamily(
            "countylines_mails", "Mails of the last seven days", labels=["kind", "state"]
        )
        for (kind, state), count in week_status.mails_by_state(at=timezone.now()).items():
            mails.add_metric([kind, state], count)
        yield from (digests, mails)
