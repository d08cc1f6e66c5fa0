"""The rows of a grid as HTML: a branch has over a thousand cells, too many for a template to write in time."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from pilots.grid.edits import State
from pilots.grid.shown import Across, Row, ShownCell

register = template.Library()

BAD = {State.REFUSED, State.CONFLICT}


@register.simple_tag
def row_of(row: Row, across: Across) -> SafeString:
    """A row of inputs, each in its cell, with its heading before and its total behind them."""
    heading = row.heading
    name = escape(heading.name)
    # A cell is named by its row and its column.
    labels = "r{1} c{0}" if across is Across.BODIES else "r{0} c{1}"
    cells = "".join([_cell(cell, labels.format(cell.agency, cell.service_line)) for cell in row.cells])
    return mark_safe(  # noqa: S308 - every text is escaped here and below
        f'<tr class="grid-row depth-{row.depth}"><th scope="row" id="{heading.name_id}"'
        f' data-code="{escape(heading.code)}" title="{escape(heading.code)}">{name}</th>{cells}'
        f'<td class="grid-edge" data-total="{row.total_name}">{escape(row.total)}</td></tr>'
    )


@register.simple_tag
def totals_of(totals: Iterable[tuple[str, str]]) -> SafeString:
    """Cells of totals, each with the name by which the script finds it."""
    return mark_safe(  # noqa: S308 - every text is escaped
        "".join([f'<td data-total="{name}">{escape(words)}</td>' for name, words in totals])
    )


def _cell(cell: ShownCell, labels: str) -> str:
    """A cell: where it may not be typed over, is not saved or is marked, it says so to everybody."""
    key = f"{cell.agency}-{cell.service_line}"
    box, more = "", ""
    if cell.line:
        more = f' data-line="{cell.line.id}" data-version="{cell.line.row_version}"'
    if cell.state or cell.why or cell.marks:
        box, said = _said(cell, key)
        more += said
    return (
        f'<td{box}><input id="c-{key}" name="cell-{key}" value="{escape(cell.shown)}"'
        f' aria-labelledby="{labels}"{more}></td>'
    )


def _said(cell: ShownCell, key: str) -> tuple[str, str]:
    """What a cell's box and its input have besides, where there is something to say of it."""
    box = f' data-state="{cell.state}"' if cell.state else ""
    said, by = "", [f"mark-{mark}" for mark in cell.marks]
    if cell.marks:
        box += f' data-marks="{" ".join(cell.marks)}"'
    if cell.why:
        said, by = f' readonly data-why="{cell.why}"', [f"why-{cell.why}", *by]
    elif cell.state in BAD:
        said, by = ' aria-invalid="true"', [f"problem-{key}", *by]
    return box, f'{said} aria-describedby="{" ".join(by)}"' if by else said
