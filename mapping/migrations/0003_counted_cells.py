"""A coarser roll-up beside the roll-up, filled from it."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
    INSERT INTO mapping_countedcell (version_id, agency_id, service_line_id, amount, lines)
    SELECT version_id, agency_id, service_line_id, sum(amount), sum(lines)
    FROM mapping_rollup WHERE NOT is_capital AND NOT is_transfer GROUP BY 1, 2, 3
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0002_triggers"),
        ("pilots", "0003_membership_queue"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedCell",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version_id",
                        "agency_id",
                        "service_line_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("lines", models.PositiveIntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pilots.serviceline",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted_cells",
                        to="pilots.version",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
