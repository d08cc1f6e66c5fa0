"""What wider bodies' spending is shared out by, kept with the lines it made."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pilots", "0007_jobs"), ("pilots", "0008_upload_choices")]

    operations = [
        migrations.AddField("spendline", "ratio", models.JSONField(blank=True, null=True)),
        migrations.CreateModel(
            name="ApportionmentInput",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "measure",
                    models.CharField(choices=[("claimants", "Claimants"), ("pupils", "Pupils")], max_length=20),
                ),
                ("financial_year", models.CharField(max_length=7)),
                ("value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("source", models.CharField(max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="apportionment_inputs",
                        to="pilots.agency",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="apportionment_inputs",
                        to="pilots.place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="apportionment_inputs",
                        to="pilots.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["measure", "financial_year", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "measure", "place", "agency", "financial_year"),
                        name="one_apportionment_input_of_a_year",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agency__isnull", False), ("place__isnull", True)),
                            models.Q(("agency__isnull", True), ("place__isnull", False)),
                            _connector="OR",
                        ),
                        name="input_of_a_place_or_an_agency",
                    ),
                    models.CheckConstraint(condition=models.Q(("value__gt", 0)), name="input_above_0"),
                    models.CheckConstraint(
                        condition=models.Q(("measure__in", ["claimants", "pupils"])), name="measure_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("financial_year__regex", "^\\d{4}-\\d{2}$")), name="input_year_like_2010_11"
                    ),
                ],
            },
        ),
        migrations.RunSQL("CALL track_history('pilots_apportionmentinput')", migrations.RunSQL.noop),
    ]
