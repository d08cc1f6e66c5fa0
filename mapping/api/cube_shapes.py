"""The typed shapes of the cube's answers."""

from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

from mapping.cube.dimensions import DIMENSIONS, MEASURES
from mapping.summary.shapes import PerHead
from pilots.api.typed import Year
from pilots.api.words import Word, tell


def _measured(is_null: bool) -> dict[str, Any]:
    """The members of measures: pounds or a number, null in a summary where they are never added up."""
    members: dict[str, Any] = {}
    for measure in MEASURES.values():
        kind: Any = Decimal if measure.is_money else int
        members[measure.name] = NotRequired[kind | None if is_null else kind]
        if measure.is_money:
            members[f"{measure.name}.per_head"] = NotRequired[PerHead | None if is_null else PerHead]
    return members


def _named() -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name in DIMENSIONS:
        members[name] = NotRequired[str]
        members[f"{name}.label"] = NotRequired[str]
    return members


Cell = TypedDict("Cell", {**_named(), **_measured(is_null=False)})  # type: ignore[misc]
Cell.__doc__ = "A cell: the key and label of each drilled dimension, and each aggregate that was asked for."
CellTotal = TypedDict("CellTotal", _measured(is_null=True))  # type: ignore[misc]
CellTotal.__doc__ = "The sum over the whole cut, not over the page; null for what is never added up."


class Cut(TypedDict):
    """Members of a dimension that a question keeps to."""

    dimension: str
    members: list[str]


class MeasureUnit(TypedDict):
    """The unit of an aggregate."""

    aggregate: str
    unit: Literal["GBP", "lines"]


class CubeQuestion(TypedDict):
    """The question as it was understood."""

    drilldown: list[str]
    cut: list[Cut]
    aggregates: list[str]
    order: list[str]
    scenario: list[str]
    years: list[Year]
    version: Literal["published", "working"]
    as_of: str | None
    prices: str
    per: Literal["total", "head"]


class AggregateAnswer(TypedDict):
    """Cells of the cube, with the sum over the whole cut."""

    question: CubeQuestion
    count: int
    page: int
    page_size: int
    next: str | None
    previous: str | None
    units: list[MeasureUnit]
    summary: CellTotal | None
    messages: list[str]
    cells: list[Cell]


class CubeLevel(TypedDict):
    """A depth of a dimension that is a tree."""

    level: int
    name: str


class CubeDimension(TypedDict):
    """Something to drill down to or to cut by, and the measures that it goes with."""

    name: str
    about: str
    levels: list[CubeLevel]
    measures: list[str]
    members: str


class CubeMeasure(TypedDict):
    """A figure to ask for, and the dimensions that it goes with."""

    name: str
    about: str
    unit: Literal["GBP", "lines"]
    dimensions: list[str]


class CubeModel(TypedDict):
    """What the cube can be asked."""

    dimensions: list[CubeDimension]
    measures: list[CubeMeasure]
    rules: list[str]


class CubeMember(TypedDict):
    """A member of a dimension, as cuts name it."""

    key: str
    label: str
    parent: str | None


EXAMPLES = {"agency_type": "county council", "service_line": "highways-transport", "year": "2010-11"}
tell(
    {
        **{f"Cell.{name}": Word(f"The key of the member. {one.about}", "") for name, one in DIMENSIONS.items()},
        **{f"Cell.{name}.label": Word("The label of that member.", "") for name in DIMENSIONS},
        **{
            f"{shape}.{name}": Word(one.about, "1234.50" if one.is_money else 12)
            for name, one in MEASURES.items()
            for shape in ("Cell", "CellTotal")
        },
        **{
            f"{shape}.{name}.per_head": Word("The same for each person living there.", None)
            for name in MEASURES
            for shape in ("Cell", "CellTotal")
        },
        "numerator": Word("The figure.", "8259171904.37"),
        "denominator": Word("People living in the places of the cell; null where that is not known.", 1_731_400),
        "PerHead.value": Word("The numerator over the denominator, to the penny.", "4770.23"),
        "dimension": Word("The dimension.", "region"),
        "Cut.members": Word("The members that are kept.", ["South East"]),
        "aggregate": Word("The aggregate.", "amount.sum"),
        "unit": Word("GBP, which is pounds, or lines.", "GBP"),
        "question": Word("The question as it was understood.", {}),
        "drilldown": Word("What cells are told apart by.", ["agency_type", "service_line:2"]),
        "cut": Word("What is kept.", []),
        "aggregates": Word("What is added up.", ["amount.sum"]),
        "order": Word("The order of cells, which always ends in the keys.", ["amount.sum:desc"]),
        "CubeQuestion.scenario": Word("The cases of savings.", ["central"]),
        "CubeQuestion.years": Word("The years that are read.", ["2010-11"]),
        "CubeQuestion.version": Word("published, or working.", "published"),
        "as_of": Word("The map or time that was pinned; null for now.", None),
        "prices": Word("nominal, or the year in whose prices amounts are.", "nominal"),
        "per": Word("total, or head.", "total"),
        "AggregateAnswer.count": Word("How many cells there are.", 12),
        "page": Word("The number of the page.", 1),
        "page_size": Word("Cells on a page.", 1000),
        "units": Word("The unit of each aggregate.", []),
        "summary": Word("The sum over the whole cut, not over the page; null with summary=false.", None),
        "cells": Word("The cells.", []),
        "dimensions": Word("The dimensions.", []),
        "measures": Word("The measures.", []),
        "CubeDimension.measures": Word("The measures that it goes with.", ["amount.sum"]),
        "CubeMeasure.dimensions": Word("The dimensions that it goes with.", ["place"]),
        "CubeDimension.name": Word("Its name in drilldown and cut.", "service_line"),
        "CubeMeasure.name": Word("Its name in aggregates.", "amount.sum"),
        "CubeLevel.name": Word("Its name in drilldown.", "service_line:1"),
        "CubeLevel.level": Word("The depth below the root, which is 0.", 1),
        "levels": Word("Its levels, where it is a tree.", []),
        "about": Word("What it is.", "The kind of body that delivers."),
        "CubeDimension.members": Word("Where its members are listed.", "/api/v1/aggregate/members/service_line/"),
        "CubeModel.rules": Word("What is never added up.", ["Themes overlap and are never added up."]),
        "key": Word("Its key in cuts and cells.", "county council"),
        "label": Word("Its name.", "County council"),
        "CubeMember.parent": Word("The key of what it belongs to.", None),
    }
)
