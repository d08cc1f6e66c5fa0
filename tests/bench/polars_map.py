"""The savings method once more, in Polars over frames in memory: what the product's figures are compared with.

Written from the method, not from the engine. Money is float64 pounds; cells are rounded to the penny at the end.
"""

from dataclasses import dataclass

import polars as pl

from mapping.engine import SCENARIOS, Assumptions, Lever

CELL = ["place", "agency", "service_line", "spend_type"]


@dataclass(frozen=True)
class Frames:
    """Spend lines (place, agency, agency_type, service_line, spend_type, amount) and the tree as frames."""

    lines: pl.DataFrame
    assumptions: Assumptions


def savings(frames: Frames) -> dict[str, tuple[float, float]]:
    """By case: the full-year saving and the part of it that comes from joining up, in pounds."""
    cells = (
        frames.lines.group_by([*CELL, "agency_type"])
        .agg(pl.col("amount").sum().alias("x"))
        .with_columns(pl.col("x").clip(lower_bound=0))
    )
    return {case: _case(cells, frames.assumptions, case) for case in SCENARIOS}


def _case(cells: pl.DataFrame, assumptions: Assumptions, case: str) -> tuple[float, float]:
    parts = []
    for lever in assumptions.levers:
        own = float(getattr(lever.own, case))
        rated = _rates(cells, lever, assumptions, case)
        logs = rated.select(
            *CELL,
            pl.col("x"),
            pl.lit(lever.code).alias("lever"),
            (1 - pl.col("share") * pl.min_horizontal(pl.lit(float(lever.cap)), 1 - (1 - pl.col("r")) * (1 - own)))
            .log()
            .alias("log"),
            pl.when(pl.col("r") > 0)
            .then((1 - pl.col("r")).log() / ((1 - pl.col("r")).log() + pl.lit(1 - own).log()))
            .otherwise(0.0)
            .alias("joined_part"),
        )
        parts.append(logs)
    every = pl.concat(parts)
    total = every.group_by(CELL).agg(pl.col("log").sum().alias("total"))
    credited = (
        every.filter(pl.col("log") < 0)
        .join(total, on=CELL)
        .with_columns((pl.col("log") / pl.col("total") * pl.col("x") * (1 - pl.col("total").exp())).alias("saving"))
        .with_columns((pl.col("saving") * pl.col("joined_part")).alias("joined"))
        .group_by(["place", "agency", "service_line", "lever"])
        .agg(*(pl.col(name).sum().round(2, mode="half_to_even") for name in ("saving", "joined")))
    )
    sums = credited.select(pl.col("saving").sum(), pl.col("joined").sum())
    return sums.row(0)


def _rates(cells: pl.DataFrame, lever: Lever, assumptions: Assumptions, case: str) -> pl.DataFrame:
    """The cells with the lever's share and each agency's rate from joining up its pool."""
    p = 1 / float(getattr(lever.beta, case))
    pooled = cells.join(_shares(cells, lever, assumptions), on=["service_line", "spend_type", "agency_type"])
    groups = {code: assumptions.group(code) for code in cells["service_line"].unique()}
    pool = {
        "place": pl.lit(""),
        "service_line": pl.col("service_line"),
        "service_group": pl.col("service_line").replace_strict(groups),
    }[lever.pool]
    pooled = pooled.with_columns(pool.alias("pool"))
    b = pooled.group_by(["place", "pool", "agency"]).agg((pl.col("share") * pl.col("x")).sum().alias("b"))
    b = b.filter(pl.col("b") > 0).with_columns(pl.col("b").max().over("place", "pool").alias("largest"))
    b = b.with_columns(
        (((pl.col("b") / pl.col("largest")) ** p).sum().over("place", "pool") ** (1 / p) * pl.col("largest")).alias(
            "m"
        ),
        pl.len().over("place", "pool").alias("agencies"),
    ).with_columns(
        pl.when(pl.col("agencies") > 1).then(1 - (pl.col("b") / pl.col("m")) ** (p - 1)).otherwise(0.0).alias("r")
    )
    return pooled.join(b.select("place", "pool", "agency", "r"), on=["place", "pool", "agency"], how="inner")


def _shares(cells: pl.DataFrame, lever: Lever, assumptions: Assumptions) -> pl.DataFrame:
    """The share of each kind of cell that the lever can address: the most specific rule that fits wins."""
    kinds = cells.select("service_line", "spend_type", "agency_type").unique()

    def share(line: str, spend_type: str, agency_type: str) -> float:
        path = assumptions.path(line)
        fitting = [
            (
                -1 if rule.service_line is None else path.index(rule.service_line),
                rule.spend_type is not None,
                rule.agency_type is not None,
                float(rule.share),
            )
            for rule in lever.rules
            if (rule.service_line is None or rule.service_line in path)
            and rule.spend_type in (None, spend_type)
            and rule.agency_type in (None, agency_type)
        ]
        return max(fitting)[3] if fitting else 0.0

    return kinds.with_columns(pl.Series("share", [share(*row) for row in kinds.iter_rows()])).filter(
        pl.col("share") > 0
    )
