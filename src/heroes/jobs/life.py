"""What of jobs goes with an organization; of users and projects the history stays, under their ids."""

from heroes.jobs.models import Array, Attempt, Job, LogChunk, LogFollow, Submission
from heroes.kit import lifecycle

lifecycle.register(lifecycle.removing("jobs", (LogChunk, LogFollow, Attempt, Submission, Job, Array)))
