"""The summary of the jobs page."""

from recommendations import wording
from recommendations.job_log.broker import BrokerStatus
from recommendations.job_log.figures import ScheduledJob
from recommendations.models import JobRun

FAILED_STATES = {JobRun.State.FAILED, JobRun.State.PARKED, JobRun.State.LOST}


def jobs_sentence(
    jobs: list[ScheduledJob],
    broker: BrokerStatus,
    parked_count: int,
    *,
    is_deletion_stopped: bool = False,
    groups_not_listed: int = 0,
) -> str:
    """Return what is wrong; `groups_not_listed` counts failed sign-ins (see single_sign_on)."""
    problems = []
    if not broker.is_available:
        problems.append("Redis is not responding")
    elif not broker.workers:
        problems.append("no worker is running")
    late = [job.title for job in jobs if job.is_late]
    if late:
        problems.append(f"late: {', '.join(late)}")
    failed = [job.title for job in jobs if job.last and job.last.state in FAILED_STATES]
    if failed:
        problems.append(f"failed on the last run: {', '.join(failed)}")
    if parked_count:
        problems.append(wording.count(parked_count, "stopped job"))
    if is_deletion_stopped:
        problems.append("a large deletion is waiting for confirmation")
    if groups_not_listed:
        times = wording.count(groups_not_listed, "time")
        problems.append(f"single sign-on did not list a person's groups ({times} in 7 days)")
    if problems:
        sentence = "; ".join(problems)
        return f"{sentence[0].upper()}{sentence[1:]}."
    workers = wording.count(len(broker.workers), "worker")
    verb = "is" if len(broker.workers) == 1 else "are"
    return f"All jobs ran on time. {workers} {verb} running."
