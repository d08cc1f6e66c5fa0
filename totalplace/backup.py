"""The whole system's data as one file: a zip of one COPY stream a table, with a manifest that vouches for each.

Written from one snapshot of the database; restored in one transaction or not at all. What is left out is what
the system makes anew or what must not travel: sessions. The history travels, and is not written a second time.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import psycopg
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

FORMAT = 1
MANIFEST = "manifest.json"
# Sessions must not travel; the others the system makes itself, by migrating and by a trigger.
LEFT_OUT = {"django_session", "django_migrations", "pilots_servicelineancestor"}
# What every new installation has before anybody did anything.
MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}
PIECE = 1 << 20
# While both are on the database writes no history, keeps no lock of a snapshot and lets tables be emptied.
RESTORING = "SELECT set_config('totalplace.restoring', %s, true), set_config('totalplace.replacing', %s, true)"
Telling = Callable[[str], None]


class BackupRefused(Exception):
    """A backup cannot be restored here; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One table of a backup: its columns in order, the rows, and the SHA-256 of its stream."""

    table: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    product: str
    made_at: str
    # The migrations that were applied, as "app.name": the schema that the rows fit.
    migrations: tuple[str, ...]
    tables: tuple[Stored, ...]

    @property
    def rows(self) -> int:
        return sum(stored.rows for stored in self.tables)


def write_backup(path: Path, tell: Telling = lambda line: None) -> Manifest:
    """Writes all data as it is at one moment; the file appears under its name when it is complete."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.touch(0o600)
    try:
        with transaction.atomic(), zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            _see_one_moment()
            stored = []
            for table in tables():
                stored.append(_copy_out(archive, table))
                tell(f"{table}: {stored[-1].rows:,} rows")
            manifest = Manifest(FORMAT, "Total Place", _now(), migrations(), tuple(stored))
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def restore_backup(path: Path, *, replace: bool = False, tell: Telling = lambda line: None) -> Manifest:
    """Puts a backup in place of what is here: all of it, or nothing.

    Raises BackupRefused for a damaged file, another schema, or a system that holds data unless `replace`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = read_manifest(archive)
            _refuse_other_schema(manifest)
            _check_content(archive, manifest)
            with transaction.atomic():
                _restore(archive, manifest, replace=replace, tell=tell)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError) as error:
        raise BackupRefused(f"{path} is no whole backup ({error}). Nothing was changed.") from error
    except (DatabaseError, psycopg.Error) as error:
        raise BackupRefused(f"The database refuses rows of {path} ({error}). Nothing was changed.") from error
    return manifest


def tables() -> list[str]:
    """Every table whose rows a backup holds, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return sorted({name for (name,) in cursor.fetchall()} - LEFT_OUT)


def migrations() -> tuple[str, ...]:
    """The migrations applied here."""
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _see_one_moment() -> None:
    if connection.savepoint_ids:
        return  # within a test's transaction, which may have written already
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _copy_out(archive: zipfile.ZipFile, table: str) -> Stored:
    columns = _columns(table)
    digest, statement = hashlib.sha256(), _copy(table, columns, "TO STDOUT")
    with connection.cursor() as cursor:
        with archive.open(_member(table), "w", force_zip64=True) as file, cursor.copy(statement) as copy:
            for piece in copy:
                digest.update(piece)
                file.write(piece)
        return Stored(table, columns, cursor.rowcount, digest.hexdigest())


def _columns(table: str) -> tuple[str, ...]:
    """Columns in order, those that the database computes left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return tuple(name for (name,) in cursor.fetchall())


def _copy(table: str, columns: tuple[str, ...], direction: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, sql.SQL(direction))


def _member(table: str) -> str:
    return f"tables/{table}.copy"


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """What a backup says of itself. Raises BackupRefused where it says nothing that can be used."""
    try:
        said = json.loads(archive.read(MANIFEST))
        stored = tuple(
            Stored(one["table"], tuple(one["columns"]), one["rows"], one["sha256"]) for one in said["tables"]
        )
        manifest = Manifest(said["format"], said["product"], said["made_at"], tuple(said["migrations"]), stored)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupRefused(
            f"This is no backup of Total Place: its manifest is missing or damaged ({error})."
        ) from error
    if manifest.format != FORMAT:
        raise BackupRefused(f"The backup has format {manifest.format}, and this version reads format {FORMAT}.")
    return manifest


def _refuse_other_schema(manifest: Manifest) -> None:
    here = set(migrations())
    more, fewer = sorted(set(manifest.migrations) - here), sorted(here - set(manifest.migrations))
    if more:
        raise BackupRefused(
            f"The backup is of a newer version: it has {', '.join(more)}. Install that version and restore it there."
        )
    if fewer:
        raise BackupRefused(
            f"The backup is of an older version, without {', '.join(fewer)}. Restore it in that version, upgrade, and "
            "run manage.py migrate."
        )
    known = set(tables())
    if odd := sorted({one.table for one in manifest.tables} ^ known):
        raise BackupRefused(f"The backup and this system differ in the tables {', '.join(odd)}.")
    for one in manifest.tables:
        if set(one.columns) != set(_columns(one.table)):
            raise BackupRefused(f"The backup and this system differ in the columns of {one.table}.")


def _check_content(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Every stream has the digest that the manifest vouches for, before anything here is touched."""
    for one in manifest.tables:
        with archive.open(_member(one.table)) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != one.sha256:  # type: ignore[arg-type]
                raise BackupRefused(f"The rows of {one.table} are not those that were backed up. Nothing was changed.")


def _restore(archive: zipfile.ZipFile, manifest: Manifest, *, replace: bool, tell: Telling) -> None:
    names = [one.table for one in manifest.tables]
    with connection.cursor() as cursor:
        cursor.execute(RESTORING, ["on", "on"])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        listed = sql.SQL(", ").join(map(sql.Identifier, sorted(names)))
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(listed))
        if not replace:
            _refuse_full(names)
        # Rows come table by table, so references are put back and checked at the end, all of them.
        cursor.execute(sql.SQL("TRUNCATE {}, django_session, pilots_servicelineancestor").format(listed))
        dropped = _drop_references(names)
        for one in manifest.tables:
            with archive.open(_member(one.table)) as file:
                _copy_in(file, one)
            tell(f"{one.table}: {one.rows:,} rows")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in dropped:
            cursor.execute(statement)
        for table in names:
            _set_sequences(table)
        cursor.execute(RESTORING, ["", ""])
    _refuse_other_counts(manifest)


def _refuse_full(names: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
            if table not in MADE_BY_MIGRATE and cursor.fetchone()[0]:
                raise BackupRefused(
                    f"This system holds data ({table}). With --replace all of it gives way to the backup."
                )


def _copy_in(file: IO[bytes], stored: Stored) -> None:
    statement = _copy(stored.table, stored.columns, "FROM STDIN")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while piece := file.read(PIECE):
            copy.write(piece)


def _drop_references(names: list[str]) -> list[str]:
    """Drops the foreign keys among the tables and returns the statements that bring them back and check them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
            " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
            " FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conname",
            [names],
        )
        pairs = cursor.fetchall()
        for drop, _ in pairs:
            cursor.execute(drop)
    return [add for _, add in pairs]


def _set_sequences(table: str) -> None:
    """The next id follows the largest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname, pg_get_serial_sequence(%s, a.attname) FROM pg_attribute a"
            " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"
            " AND pg_get_serial_sequence(%s, a.attname) IS NOT NULL",
            [table, table, table],
        )
        for column, sequence in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT setval(%s, coalesce(max({0}), 1), max({0}) IS NOT NULL) FROM {1}").format(
                    sql.Identifier(column), sql.Identifier(table)
                ),
                [sequence],
            )


def _refuse_other_counts(manifest: Manifest) -> None:
    """What stands here now is what was backed up, row for row; a trigger that added any would show."""
    with connection.cursor() as cursor:
        for one in manifest.tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(one.table)))
            found = cursor.fetchone()[0]
            if found != one.rows:
                raise BackupRefused(f"{one.table} would have {found:,} rows, and the backup has {one.rows:,}.")


def digests() -> Iterator[tuple[str, str]]:
    """Every table and the SHA-256 of its rows in a fixed order, to compare two systems."""
    with connection.cursor() as cursor:
        for table in tables():
            name = sql.Identifier(table)
            statement = sql.SQL("SELECT r::text FROM {} r ORDER BY r::text COLLATE {}").format(
                name, sql.Identifier("C")
            )
            digest = hashlib.sha256()
            with cursor.copy(sql.SQL("COPY ({}) TO STDOUT").format(statement)) as copy:
                for piece in copy:
                    digest.update(piece)
            yield table, digest.hexdigest()


__all__ = ["BackupRefused", "Manifest", "digests", "read_manifest", "restore_backup", "write_backup"]
