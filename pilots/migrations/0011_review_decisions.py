"""Every decision on a submission, one row each; warnings and answers as they stood."""

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("pilots", "0010_upload_reading")]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("comment", models.TextField(blank=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="pilots.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["returned", "approved", "published"])),
                        name="decision_leads_to_a_stage",
                    )
                ],
            },
        ),
        migrations.RunSQL((SQL / "decisions.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; CALL track_history('pilots_decision')",
            migrations.RunSQL.noop,
        ),
        migrations.AddField("submission", "warnings", models.JSONField(null=True)),
        migrations.AddField("warninganswer", "said", models.TextField(blank=True, default="", db_default="")),
        migrations.RunSQL((SQL / "submitted_warnings.sql").read_text(), migrations.RunSQL.noop),
    ]
