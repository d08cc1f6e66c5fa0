"""Sums at several grains beside the roll-up, filled from it, in place of one coarser roll-up."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
    INSERT INTO mapping_countedsum (version_id, is_capital, is_transfer, grain, agency_id, funder_id, service_line_id,
        spend_type_id, basis, amount, lines)
    SELECT version_id, is_capital, is_transfer, grouping(agency_id, funder_id, service_line_id, spend_type_id, basis),
        agency_id, funder_id, service_line_id, spend_type_id, basis, sum(amount), sum(lines)
    FROM mapping_rollup GROUP BY GROUPING SETS (
        (version_id, is_capital, is_transfer, agency_id, basis, service_line_id),
        (version_id, is_capital, is_transfer, agency_id, basis, funder_id, spend_type_id),
        (version_id, is_capital, is_transfer, funder_id, service_line_id),
        (version_id, is_capital, is_transfer, service_line_id, spend_type_id)
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0004_feed"),
        ("pilots", "0009_apportionment"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grain", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("actual", "Actual: a body's own return"),
                            ("budget", "Budget"),
                            ("estimate", "Estimate"),
                            ("apportioned", "Apportioned: shared out from a wider figure"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                ("is_capital", models.BooleanField()),
                ("is_transfer", models.BooleanField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("lines", models.PositiveIntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pilots.agency",
                    ),
                ),
                (
                    "funder",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pilots.agency",
                    ),
                ),
                (
                    "service_line",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pilots.serviceline",
                    ),
                ),
                (
                    "spend_type",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pilots.spendtype",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted_sums",
                        to="pilots.version",
                    ),
                ),
            ],
        ),
        migrations.DeleteModel(
            name="CountedCell",
        ),
        migrations.AddIndex(
            model_name="countedsum",
            index=models.Index(fields=["version", "grain"], name="counted_sums_of_a_version"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
