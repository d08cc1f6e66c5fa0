"""The data of one figure of a page as a file: exactly what its table says."""

import csv
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from mapping.charts.blocks import Cell, Figure, Table
from mapping.templatetags.exports import FILE
from totalplace.formulas import defused
from totalplace.money import listed


def tables_of(page: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of a page's figures by the figure's id; `tables` holds those of figures that are tables already."""
    charts = {figure.id: figure.table for figure in page.values() if isinstance(figure, Figure)}
    return {**charts, **page.get("tables", {})}


def asked_file(request: HttpRequest, name: str, page: Mapping[str, Any]) -> HttpResponse | None:
    """The file that `?file=` asks for, None where the page itself is asked for. Raises Http404 with what there is."""
    figure = request.GET.get(FILE, "")
    if not figure:
        return None
    tables = tables_of(page)
    if figure not in tables:
        raise Http404(f"This page has no figure “{figure}”, only {listed(list(tables)) or 'none yet'}.")
    table = tables[figure]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{figure}.csv"'
    rows = csv.writer(response)
    rows.writerow([column.heading for column in table.columns])
    rows.writerows([_plain(cell) for cell in row] for row in table.rows)
    return response


def _plain(cell: Cell) -> str:
    """A cell as a spreadsheet reads it: numbers without commas, and no words taken for a formula."""
    return cell.text.replace(",", "").replace("−", "-") if cell.is_number else defused(cell.text)
