"""Work that clients ask for and wait for: accepted, done by the worker, and always ended.

queue_job(kind, request, person)    accepted, and told to the worker when the transaction commits
run_job(job_id)                     what the worker does; safe to repeat
cancel_job(job)                     what has not begun
sweep_jobs()                        sends what was lost again, ends what cannot be done, removes what is old
runs(kind)                          says which function does jobs of a kind
"""

from . import uploads  # noqa: F401 - says how uploads are done
from .queueing import CannotCancel, cancel_job, queue_job
from .running import Telling, run_job, runs
from .sweeping import sweep_jobs

__all__ = ["CannotCancel", "Telling", "cancel_job", "queue_job", "run_job", "runs", "sweep_jobs"]
