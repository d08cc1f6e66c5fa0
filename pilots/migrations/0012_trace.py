"""Tokens, years, kinds of bodies and of spending, and new passwords leave a trace; a removed row always does."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "trace.sql"


class Migration(migrations.Migration):
    dependencies = [("pilots", "0011_review_decisions")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="password_set_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
