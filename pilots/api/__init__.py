"""The REST API of what is: places, spend lines, files, changes and the register. Thin: HTTP in, one call, HTTP out."""

from . import job_words  # noqa: F401 - what the members of its answers mean
