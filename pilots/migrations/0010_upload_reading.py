"""What a file's amounts count, and its cells and rows put right on its page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pilots", "0009_apportionment")]

    operations = [
        migrations.AddField("upload", "unit", models.CharField(db_default="pounds", default="pounds", max_length=9)),
        migrations.AddField("upload", "corrections", models.JSONField(blank=True, default=dict)),
    ]
