"""A published assumption set is immutable: the database itself refuses changes."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("mapping", "0001_initial"), ("pilots", "0002_triggers")]

    operations = [migrations.RunSQL((SQL / "assumptions.sql").read_text(), migrations.RunSQL.noop)]
