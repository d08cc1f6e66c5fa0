"""The facts shipped with the product, as they stand in data/*.csv."""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"
OUTTURN_COLUMNS = DATA / "outturn_columns.csv"
SHIPPED_OUTTURN = DATA / "outturn-2010-11.csv"


def facts(name: str) -> list[dict[str, str]]:
    """The rows of one shipped file, by its name without .csv."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
