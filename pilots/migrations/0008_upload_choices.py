"""Choices between copies of a workbook, and workbooks with their problems marked."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pilots", "0007_jobs")]

    operations = [
        migrations.AddField("upload", "choices", models.JSONField(blank=True, default=dict)),
        migrations.AddField("upload", "asked_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField(
            "uploadpiece",
            "part",
            models.CharField(
                choices=[("content", "As it was sent"), ("marked", "With its problems marked")],
                db_default="content",
                default="content",
                max_length=7,
            ),
        ),
        migrations.RemoveConstraint("uploadpiece", "one_piece_of_a_position"),
        migrations.AddConstraint(
            "uploadpiece",
            models.UniqueConstraint(fields=["upload", "part", "position"], name="one_piece_of_a_position"),
        ),
    ]
