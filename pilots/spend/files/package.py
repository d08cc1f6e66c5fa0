"""Fiscal Data Packages: a datapackage.json and the CSV it names, in a zip or a folder."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from .description import as_described
from .problems import FileRefused, refused
from .table import Limits, Table
from .text import read_text

DESCRIPTION = "datapackage.json"
# The resource of spend lines in the packages that we make.
SPEND = "spend"
LARGEST_DESCRIPTION = 5_000_000
Member = Callable[[str], bytes]


def package_root(archive: zipfile.ZipFile) -> str | None:
    """The folder of a zip that holds datapackage.json ("" for the top), or None: it is no package."""
    found = [name for name in archive.namelist() if PurePosixPath(name).name == DESCRIPTION]
    return min(found, key=len).removesuffix(DESCRIPTION) if found else None


def read_package(source: Path | bytes, name: str, limits: Limits, wanted: str = "") -> Table:
    """The table of a package's one CSV resource, or of the resource that is `wanted`. Raises FileRefused."""
    if isinstance(source, Path) and source.is_dir():
        return _read(_from_folder(source), name, limits, wanted)
    with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
        root = package_root(archive) or ""

        def member(path: str) -> bytes:
            try:
                return archive.read(root + path)
            except KeyError:
                raise _absent(path) from None

        return _read(member, name, limits, wanted)


def _from_folder(folder: Path) -> Member:
    def member(path: str) -> bytes:
        file = (folder / path).resolve()
        if not file.is_relative_to(folder.resolve()):
            raise _absent(path)
        try:
            return file.read_bytes()
        except OSError:
            raise _absent(path) from None

    return member


def _read(member: Member, name: str, limits: Limits, wanted: str) -> Table:
    described = _described(member(DESCRIPTION))
    resource = _resource(described, wanted)
    path = resource["path"]
    content = member(path)
    table = read_text(lambda: io.BytesIO(content), f"{name}: {path}", limits)
    return as_described(table, described, resource)


def _described(content: bytes) -> dict:
    if len(content) > LARGEST_DESCRIPTION:
        raise refused("bad-package", f"{DESCRIPTION} is larger than {LARGEST_DESCRIPTION // 1_000_000} MB.")
    try:
        described = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise refused("bad-package", f"{DESCRIPTION} is not JSON ({error}).") from error
    if not isinstance(described, dict) or not isinstance(described.get("resources"), list):
        raise refused("bad-package", f'{DESCRIPTION} has no list of "resources".')
    return described


def _resource(described: dict, wanted: str) -> dict:
    """The CSV resource to read: the wanted one, else the one called spend, or the only one."""
    tables = {}
    for one in described["resources"]:
        path = one.get("path") if isinstance(one, dict) else None
        path = path[0] if isinstance(path, list) and len(path) == 1 else path
        if isinstance(path, str) and path.lower().endswith((".csv", ".tsv", ".txt")):
            _refuse_outside(path)
            tables[str(one.get("name") or path)] = {**one, "path": path}
    wanted = wanted or (SPEND if SPEND in tables else "")
    if wanted in tables:
        return tables[wanted]
    if len(tables) != 1 or wanted:
        found = ", ".join(tables) or "none"
        raise refused(
            "bad-package", f"Say which resource holds the spend lines. CSV resources in the package: {found}."
        )
    return next(iter(tables.values()))


def _refuse_outside(path: str) -> None:
    parts = PurePosixPath(path)
    if "://" in path or parts.is_absolute() or ".." in parts.parts or "\\" in path:
        raise refused("bad-package", f'The resource "{path}" lies outside the package and is not fetched.')


def _absent(path: str) -> FileRefused:
    return refused("bad-package", f'The package names "{path}", and it is not in it.')
