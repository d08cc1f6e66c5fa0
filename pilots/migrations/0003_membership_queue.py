"""Whoever brings a place back queues with those who change memberships."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("pilots", "0002_triggers")]

    operations = [
        migrations.RunSQL((SQL / "membership_queue.sql").read_text(), migrations.RunSQL.noop),
    ]
