"""The database tells of published counts and of maps that become current."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("mapping", "0003_counted_cells"), ("pilots", "0007_jobs")]

    operations = [migrations.RunSQL((SQL / "feed.sql").read_text(), migrations.RunSQL.noop)]
