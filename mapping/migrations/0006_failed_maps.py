"""Why a map could not be made, and when it is tried again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0005_counted_sums"),
        ("pilots", "0009_apportionment"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedMap",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="failed_map",
                        serialize=False,
                        to="pilots.version",
                    ),
                ),
                ("revision", models.BigIntegerField()),
                ("register_revision", models.BigIntegerField()),
                ("attempts", models.PositiveIntegerField()),
                ("not_before", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                (
                    "assumption_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mapping.assumptionset"
                    ),
                ),
            ],
        ),
    ]
