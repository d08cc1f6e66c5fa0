"""The doctor finds what is wrong and says what to do."""

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from totalplace.doctor import examine


def findings():
    return {finding.name: finding for finding in examine()}


@pytest.mark.django_db
def test_what_is_in_order_is_said_to_be(settings):
    found = findings()
    assert all(found[name].is_good for name in ("database", "migrations", "broker", "debug", "hosts", "disk"))
    assert found["database"].found.startswith("PostgreSQL 18")


@pytest.mark.django_db
def test_a_worker_that_is_not_there_is_missed_and_the_exit_says_so(capsys):
    with pytest.raises(CommandError, match="to put right"):
        call_command("doctor")
    assert "FAIL  worker: no worker answers -> start one" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_named():
    MigrationRecorder.Migration.objects.filter(app="mapping").delete()
    found = findings()["migrations"]
    assert not found.is_good
    assert "mapping.0001_initial" in found.found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("secret key", "SECRET_KEY", "short"),
        ("debug", "DEBUG", True),
        ("hosts", "ALLOWED_HOSTS", ["*"]),
        ("site address", "SITE_ADDRESS", "totalplace.example.org"),
        ("static files", "STATICFILES_DIRS", []),
        ("broker", "BROKER_URL", "redis://127.0.0.1:1/0"),
    ],
)
def test_an_unsafe_setting_is_found_with_what_to_do(settings, name, setting, value):
    setattr(settings, setting, value)
    found = findings()[name]
    assert not found.is_good
    assert found.advice


@pytest.mark.django_db
def test_plain_http_outside_embedded_mode_is_found(settings):
    settings.EMBEDDED, settings.HTTPS = False, False
    assert not findings()["HTTPS"].is_good
