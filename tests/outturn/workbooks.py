"""Small workbooks laid out as the revenue outturn of three years was published."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlwt

SERVICES = {
    "2010-11": ["Education services", "Highways and transport services", "Social care"],
    "2011-12": [
        *("Education services", "Highways and transport services"),
        *("Children Social Care", "Adult Social Care"),
    ],
}
SERVICES["2012-13"] = SERVICES["2011-12"]
MORE_SERVICES = [
    "Housing services (GFRA only)",
    "Cultural and related services",
    "Environmental and regulatory services",
    "Planning and development services",
    "Police services",
    "Fire and rescue services",
    "Central services",
    "Other services",
]
TOTAL_SERVICE = {
    "2010-11": "TOTAL SERVICE EXPENDITURE (TOTAL OF LINES 190 TO 698)",
    "2011-12": "TOTAL SERVICE EXPENDITURE (TOTAL OF LINES 190 TO 698)",
    "2012-13": "TOTAL SERVICE EXPENDITURE (TOTAL OF LINES 190 to 698)",
}
BETWEEN = [
    "Housing benefits: rent allowances - mandatory payments",
    "Housing benefits: non-HRA rent rebates - mandatory payments",
    "Housing benefits: rent rebates to HRA tenants - mandatory payments",
    "Housing benefits: subsidy limitation transfers from HRA",
    "Contribution to the HRA re items shared by the whole community",
    "Parish precepts ",
    "Integrated Transport Authority levy ",
    "Waste Disposal Authority levy ",
    "London Pensions Fund Authority levy ",
    "Other levies",
]
TRADING = {
    "2010-11": [
        "External Trading Accounts net surplus(-)/ deficit(+)",
        "Internal Trading Accounts net surplus(-)/ deficit(+)",
        "Capital charges accounted for in External Trading Accounts",
        "Capital charges accounted for in Internal Trading Accounts",
    ],
    "2012-13": [
        "External Trading Accounts net surplus(-)/deficit(+)",
        "Internal Trading Accounts net surplus(-)/deficit(+)",
        "Capital items accounted for in External Trading Accounts",
        "Capital items accounted for in Internal Trading Accounts",
        "Appropriations to(+) / from(-) Accumulated Absences Account",
    ],
}
TRADING["2011-12"] = TRADING["2010-11"]
NET_CURRENT = {
    "2010-11": "NET CURRENT EXPENDITURE (TOTAL OF LINES 699 TO 748)",
    "2011-12": "NET CURRENT EXPENDITURE (TOTAL OF LINES 699 TO 748)",
    "2012-13": "NET CURRENT EXPENDITURE(TOTAL OF LINES 699to748)",
}
RELIEF = {
    "2010-11": "Local tax collection: Non-domestic rate relief - discretionary payments",
    "2011-12": "Local tax collection: Non-domestic rate relief - discretionary payments",
    "2012-13": "Local tax collection: Non-domestic rate relief - discr pay",
}
COUNCIL_TAX_BENEFIT = "Local tax collection: Council tax benefit paid to the Collection Fund"
FLOOD_LEVY = "Levy: Environment Agency flood defence"
FURTHER_RIGHT = ["Provision for bad debts", "Interest payable and similar charges"]
YEARS = ("2010-11", "2011-12", "2012-13")
# Codes and names of some bodies, as the returns spell them.
NAMES = {
    "E2221": "Kent",
    "E2231": "Ashford ",
    "E6022": "Kent Police Authority",
    "E7022": "Kent Police and Crime Commissioner and Chief Constable",
    "E0702": "Middlesborough UA",
    "E4201": "Bolton",
    "E6202": "Greater Manchester Waste Disposal Authority",
}
LABELS = ["E-code", "Local authority", "", "Class", ""]
HEADER_ROW = 5

Cell = str | float | int
Table = list[list[Cell]]


def headings(year: str) -> list[str]:
    """The headings of amounts of one year's layout, up to the flood levy."""
    student_support = ["Education: student support - mandatory awards"] if year == "2010-11" else []
    return [
        *SERVICES[year],
        *MORE_SERVICES,
        TOTAL_SERVICE[year],
        *student_support,
        *BETWEEN,
        *TRADING[year],
        "Adjustments to net current expenditure",
        NET_CURRENT[year],
        COUNCIL_TAX_BENEFIT,
        RELIEF[year],
        FLOOD_LEVY,
    ]


def column_of(year: str, heading: str) -> int:
    """Where a heading's column stands in the sheet, counted from 0."""
    return len(LABELS) + headings(year).index(heading)


def table_of(year: str, bodies: Mapping[str, Mapping[str, Any]]) -> Table:
    """The rows of sheet "(1)": thousands by body and heading, with the printed totals that follow from them.

    Right of the flood levy the headings of services come a second time, with other amounts.
    """
    names = headings(year)
    rows = [_row(names, code, amounts, year) for code, amounts in bodies.items()]
    england: list[Cell] = ["", "ENGLAND", "", "", ""]
    england += [sum(_number(row[index]) for row in rows) for index in range(len(LABELS), len(rows[0]))]
    title = f"Revenue Outturn Summary (RS): {year} data"
    return [
        [title],
        [],
        ["Net current expenditure (£ thousand)"],
        [],
        [],
        [*LABELS, *names, *FURTHER_RIGHT, *SERVICES[year], FURTHER_RIGHT[-1]],
        [],
        *rows,
        [],
        england,
        [],
        ["", "CLASS BREAKDOWN"],
        ["", "SHIRE COUNTIES", "", "SC", "", 1, 2, 3],
        [f"Source: Revenue Outturn (RO) returns {year} - RS data"],
        ["Notes"],
        ["1. These estimates are on a non-International Accounting Standard 19 basis."],
    ]


def _row(names: list[str], code: str, amounts: Mapping[str, Any], year: str) -> list[Cell]:
    cells: list[Cell] = [amounts.get(name.strip(), 0) for name in names]
    total, net = names.index(TOTAL_SERVICE[year]), names.index(NET_CURRENT[year])
    cells[total] = sum(_number(cell) for cell in cells[:total])
    cells[net] = sum(_number(cell) for cell in cells[total:net])
    second_block = [999_999] * (len(FURTHER_RIGHT) + len(SERVICES[year]) + 1)
    return [code, NAMES.get(code, "A body"), "", "O", "", *cells, *second_block]


def _number(cell: Cell) -> float:
    return 0 if isinstance(cell, str) else cell


def write_workbook(path: Path, year: str, table: Table, sheet: str | None = None) -> Path:
    """Writes the table as sheet "(1)" beside the other sheets that the published workbooks have."""
    book = xlwt.Workbook()
    first = sheet if sheet is not None else f"RS LA Data {year} (1)"
    sheets: list[tuple[str, Table]] = [
        ("Front page", [["", "", f"RS - REVENUE OUTTURN SUMMARY {year}"]]),
        (first, table),
        (f"RS LA Data {year} (2)", [["Capital charges (£ thousand)"]]),
    ]
    for name, rows in sheets:
        written = book.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    written.write(row, column, cell)
    book.save(str(path))
    return path


def workbook(
    folder: Path,
    year: str,
    bodies: Mapping[str, Mapping[str, Any]],
    change: Callable[[Table], None] | None = None,
) -> Path:
    """A workbook of one year, with something changed in it before it is written."""
    table = table_of(year, bodies)
    if change:
        change(table)
    return write_workbook(folder / f"return-{year}.xls", year, table)
