"""The content of uploads, kept in pieces so that no process ever holds all of it."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pilots.models import Upload, UploadPiece

from .problems import refused
from .table import UPLOADED

PIECE = 1_000_000
Part = UploadPiece.Part


def store_content(upload: Upload, pieces: Iterable[bytes]) -> None:
    """Keeps what comes in, and its size and digest. Raises FileRefused for more than UPLOADED allows."""
    digest = hashlib.sha256()
    for position, piece in enumerate(_even(pieces)):
        digest.update(piece)
        upload.size += len(piece)
        if upload.size > UPLOADED.bytes:
            raise refused(
                "too-large",
                f"{upload.file_name} has more than {UPLOADED.bytes // 1_000_000:,} MB, which is the most. Split it, "
                "or save it as CSV.",
            )
        UploadPiece.objects.create(upload=upload, position=position, content=piece)
    upload.sha256 = digest.hexdigest()
    upload.save(update_fields=["size", "sha256"])


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of PIECE at most."""
    for piece in pieces:
        for start in range(0, len(piece), PIECE):
            yield piece[start : start + PIECE]


def store_marked(upload: Upload, file: BinaryIO) -> None:
    """Keeps the workbook with an upload's problems marked, in place of an earlier one."""
    upload.pieces.filter(part=Part.MARKED).delete()
    for position, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
        UploadPiece.objects.create(upload=upload, part=Part.MARKED, position=position, content=piece)


def pieces_of(upload: Upload, part: Part = Part.CONTENT) -> Iterator[bytes]:
    """The pieces of one part, in order, one at a time."""
    pieces = upload.pieces.filter(part=part).order_by("position")
    return map(bytes, pieces.values_list("content", flat=True).iterator(chunk_size=2))


@contextmanager
def content_of(upload: Upload) -> Iterator[Path]:
    """The content of an upload as a file, for as long as it is needed."""
    with tempfile.NamedTemporaryFile(prefix="upload-") as file:
        for piece in pieces_of(upload):
            file.write(piece)
        file.flush()
        yield Path(file.name)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, or of a folder's files by name."""
    if path.is_file():
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()
