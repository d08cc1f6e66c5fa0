"""The cells of a grid as HTML. A branch has over a thousand, too many for a template to write one by one in time."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from pilots.grid.edits import State
from pilots.grid.reading import Row, ShownCell

register = template.Library()

BAD = {State.REFUSED, State.CONFLICT}


@register.simple_tag
def cells_of(row: Row) -> SafeString:
    """The inputs of a row, each in its cell."""
    return mark_safe("".join(map(_cell, row.cells)))  # noqa: S308 - every text is escaped below


def _cell(cell: ShownCell) -> str:
    """A cell: named by its row and column; where it may not be typed over or is not saved it says why."""
    state = f' data-state="{cell.state}"' if cell.state else ""
    line = f' data-line="{cell.line}" data-version="{cell.row_version}"' if cell.line else ""
    why = ""
    if cell.why:
        why = f' readonly data-why="{cell.why}" aria-describedby="why-{cell.why}"'
    elif cell.state in BAD:
        why = f' aria-invalid="true" aria-describedby="problem-{cell.id}"'
    return (
        f'<td{state}><input id="c-{cell.id}" name="cell-{cell.id}" value="{escape(cell.shown)}"'
        f' aria-labelledby="{cell.labels}"{line}{why}></td>'
    )
