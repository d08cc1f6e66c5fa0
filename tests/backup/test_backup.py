"""A backup brings back everything as it was, or changes nothing."""

import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pilots.models import History, Person, Place, Version
from pilots.spend.files import OneCount, import_table, read_table
from pilots.spend.publish import publish_count
from totalplace.backup import BackupRefused, digests, restore_backup, write_backup


@pytest.fixture
def system(register):
    """A published count and a change of it since, a person, and the history of it all."""
    for amount in ("12.34", "56.78"):
        load(register.version, amount)
        if amount == "12.34":
            publish_count(register.count, None, via="test")
    Person.objects.create_user("lead", "lead@example.org", "a long password")
    return register


def load(version, amount):
    table = read_table(f"agency,service_line,amount\nE1,roads,{amount}\n".encode())
    import_table(table, None, OneCount(version, None), None, "test")


@pytest.fixture
def backup(system, tmp_path):
    path = tmp_path / "system.backup"
    write_backup(path)
    return path


def damaged(path, **members):
    """A copy of a backup with members changed or, where None, left out."""
    copy = path.with_name("damaged.backup")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(copy, "w") as archive:
        for name in whole.namelist():
            change = members.get(name.split("/")[-1].split(".")[0], lambda content: content)
            if change is not None:
                archive.writestr(name, change(whole.read(name)))
    return copy


def refused(path, **options):
    """Why a backup is refused; nothing may have changed."""
    before = dict(digests())
    with pytest.raises(BackupRefused) as caught:
        restore_backup(path, **options)
    assert dict(digests()) == before
    return str(caught.value)


def test_everything_comes_back_as_it_was(system, backup):
    before = dict(digests())
    Version.objects.filter(kind="working").update(status="submitted")
    Person.objects.create_user("later", "later@example.org", "a long password")
    Place.objects.filter(slug="coast").update(name="The Shore")
    assert dict(digests()) != before
    restore_backup(backup, replace=True)
    assert dict(digests()) == before


def test_the_history_is_not_written_twice(backup):
    before = History.objects.count()
    restore_backup(backup, replace=True)
    assert History.objects.count() == before > 0


def test_life_goes_on_after_a_restore(system, backup):
    restore_backup(backup, replace=True)
    person = Person.objects.create_user("next", "next@example.org", "a long password")
    assert person.pk > Person.objects.get(username="lead").pk
    load(Version.objects.get(pk=system.version.pk), "99")
    assert History.objects.filter(table_name="pilots_spendline").latest("id").after["amount"] == 99


def test_the_foreign_keys_are_there_again(backup):
    def references():
        with connection.cursor() as cursor:
            cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'")
            return sorted(cursor.fetchall())

    before = references()
    restore_backup(backup, replace=True)
    assert references() == before


def test_a_system_with_data_gives_way_only_when_told(backup):
    assert "--replace" in refused(backup)


def test_a_truncated_file_is_refused(backup):
    cut = backup.with_name("cut.backup")
    cut.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    assert "no whole backup" in refused(cut, replace=True)


def test_altered_rows_are_refused(backup):
    altered = damaged(backup, pilots_place=lambda content: content.replace(b"Coast", b"Shore"))
    assert "pilots_place" in refused(altered, replace=True)


def test_a_missing_table_is_refused(backup):
    assert refused(damaged(backup, pilots_place=None), replace=True)


def manifest_with(**changes):
    return lambda content: json.dumps({**json.loads(content), **changes}).encode()


def test_a_backup_of_a_newer_version_is_refused_in_words(backup):
    content = json.loads(zipfile.ZipFile(backup).read("manifest.json"))
    newer = damaged(backup, manifest=manifest_with(migrations=[*content["migrations"], "pilots.9999_later"]))
    assert "newer version: it has pilots.9999_later" in refused(newer, replace=True)


def test_a_backup_of_an_older_version_is_refused_in_words(backup):
    content = json.loads(zipfile.ZipFile(backup).read("manifest.json"))
    older = damaged(backup, manifest=manifest_with(migrations=content["migrations"][:-1]))
    assert "older version" in refused(older, replace=True)


def test_what_is_no_backup_is_refused(system, tmp_path):
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "no backup of Total Place" in refused(other, replace=True)


def test_a_backup_is_readable_by_its_owner_alone(backup):
    assert backup.stat().st_mode & 0o077 == 0


def test_the_commands_say_what_they_did(system, tmp_path, capsys):
    path = tmp_path / "system.backup"
    call_command("backup", path)
    call_command("restore", path, replace=True)
    said = capsys.readouterr().out
    assert "tables" in said
    assert "restored" in said
    with pytest.raises(CommandError, match="exists"):
        call_command("backup", path)
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", path)
