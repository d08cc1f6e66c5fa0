"""Files that come as the body of a request: as a form's one file, or as they are."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from totalplace.problems import BAD_BODY, TOO_LARGE, Problem

PIECE = 1_000_000
# What a form has beside its file.
AROUND = 100_000
HELD = 5_000_000


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came, its name where it had one, its size and the SHA-256 of its bytes."""

    file: IO[bytes]
    name: str
    size: int
    sha256: str

    def pieces(self) -> Iterator[bytes]:
        """Its bytes a piece at a time."""
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece


class FormFile(MultiPartParser):
    """A form with one file, in its field "file"."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            form = super().parse(stream, media_type, parser_context)
        except ParseError as error:
            raise Problem(BAD_BODY, f"The form cannot be read: {error.detail}") from None
        others = sorted({*form.data, *form.files} - {"file"})
        if others or len(form.files.getlist("file")) != 1:
            found = (
                f" There is {', '.join(others)}, too: what is not the file belongs in the address." if others else ""
            )
            raise Problem(BAD_BODY, f'The form should have one file, in its field "file".{found}')
        return form.files["file"]


class WholeBody(BaseParser):
    """The file as it is, of any type: what it is follows from its bytes."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream


def received(request: Request, most: int) -> Received:
    """The file that a request carries, of at most so many bytes. Raises Problem."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    length = int(said) if said.isascii() and said.isdigit() else 0
    if length > most + AROUND:
        raise _too_large(most)
    body = request.data if length or "Transfer-Encoding" in request.headers else None
    if body is None or isinstance(body, dict):
        raise Problem(BAD_BODY, "There is no file in the body.")
    name = request.query_params.get("file_name") or getattr(body, "name", "") or "upload"
    return _kept(_read(body), name, most)


def _read(body: Any) -> Iterable[bytes]:
    if hasattr(body, "chunks"):
        yield from body.chunks(PIECE)
        return
    while piece := body.read(PIECE):
        yield piece


def _kept(pieces: Iterable[bytes], name: str, most: int) -> Received:
    file = tempfile.SpooledTemporaryFile(HELD)  # noqa: SIM115 - it goes with the request
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise _too_large(most)
        digest.update(piece)
        file.write(piece)
    if not size:
        raise Problem(BAD_BODY, "The file is empty.")
    return Received(file, name[-255:].replace("\0", ""), size, digest.hexdigest())  # type: ignore[arg-type]


def _too_large(most: int) -> Problem:
    return Problem(TOO_LARGE, f"A file may have {most:,} bytes at most. Split it, or send it as CSV.")
