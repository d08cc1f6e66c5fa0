"""Whether a zip (a workbook or a package) is safe to unpack: counted, not believed."""

import zipfile
import zlib
from typing import BinaryIO

from .problems import FileRefused, refused
from .table import Limits

PIECE = 1 << 20
LOCAL_HEADER = 30


def check_archive(file: BinaryIO, limits: Limits) -> None:
    """Refuses a zip that would unpack to more than the limits, whatever its directory claims.

    Raises FileRefused.
    """
    size = file.seek(0, 2)
    most = min(limits.unpacked_bytes, max(limits.unpacked_times * size, 10_000_000))
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > limits.members:
                raise refused(
                    "too-many-parts", f"The file has {len(members):,} parts inside; {limits.members:,} are the most."
                )
            if sum(member.file_size for member in members) > most:
                raise _bomb(most)
            left = most
            for member in members:
                left -= _unpacked_size(file, member, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
        raise _broken(error) from error


def _unpacked_size(file: BinaryIO, member: zipfile.ZipInfo, most: int) -> int:
    """The bytes a member really unpacks to; the directory's figure may be a lie."""
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(f"compression method {member.compress_type}")
    file.seek(member.header_offset)
    header = file.read(LOCAL_HEADER)
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflate, left, unpacked = zlib.decompressobj(-zlib.MAX_WBITS), member.compress_size, 0
    while left > 0 and not inflate.eof:
        piece = file.read(min(PIECE, left))
        if not piece:
            raise EOFError("it ends too early")
        left -= len(piece)
        while piece and not inflate.eof:
            unpacked += len(inflate.decompress(piece, PIECE))
            piece = inflate.unconsumed_tail
            if unpacked > most:
                raise _bomb(most)
    return unpacked


def _bomb(most: int) -> FileRefused:
    return refused(
        "unpacks-too-large",
        f"The file would unpack to more than {most // 1_000_000:,} MB. Save it anew, or as CSV, or split it.",
    )


def _broken(error: Exception) -> FileRefused:
    return refused("broken", f"The file is damaged ({error}). Save it anew and send it again.")
