"""What the page of jobs says about them."""

from recommendations import wording
from recommendations.job_log.broker import Work
from recommendations.job_log.figures import Job
from recommendations.models import JobRun

FAILED_STATES = {JobRun.State.FAILED, JobRun.State.PARKED, JobRun.State.LOST}


def jobs_sentence(jobs: list[Job], work: Work, parked: int) -> str:
    """Whether the jobs run, or else what is wrong, in one sentence. `parked`: how many are."""
    wrong = []
    if not work.answers:
        wrong.append("Redis does not answer")
    elif not work.workers:
        wrong.append("no worker is alive")
    late = [job.title for job in jobs if job.is_late]
    if late:
        wrong.append(f"late: {', '.join(late)}")
    failed = [job.title for job in jobs if job.last and job.last.state in FAILED_STATES]
    if failed:
        wrong.append(f"failed last time: {', '.join(failed)}")
    if parked:
        wrong.append(f"{wording.count(parked, 'parked thing')}")
    if wrong:
        sentence = "; ".join(wrong)
        return f"{sentence[0].upper()}{sentence[1:]}."
    workers = wording.count(len(work.workers), "worker")
    verb = "is" if len(work.workers) == 1 else "are"
    return f"All jobs ran when they should; {workers} {verb} alive."
