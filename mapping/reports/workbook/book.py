"""A workbook in the product's look: named kinds of cell, frozen headings, sheets that print on A4.

Every formula is written with its value beside it, since a workbook opened from a mail is not recalculated until its
reader allows it. Amounts are numbers in pounds; texts cannot become formulas.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from totalplace.formulas import defused

POUNDS, RATE, EXACT, WHOLE = "#,##0.00;[Red]-#,##0.00", "0.0000%", "0.000000000000", "#,##0"
SANS = {"font_name": "Calibri", "font_size": 11}
# What a cell is: what is given and may be tried out, what follows, what is stored, words.
STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True},
    "lead": {"font_size": 12},
    "heading": {"bold": True, "bg_color": "#0A3A47", "font_color": "#FFFFFF", "text_wrap": True, "valign": "bottom"},
    "section": {"bold": True, "font_size": 13, "bottom": 1},
    "words": {},
    "strong": {"bold": True},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "quiet": {"font_color": "#4B5A63"},
    "choice": {"bold": True, "bg_color": "#FFF1D6", "border": 1},
    "given": {"num_format": POUNDS, "font_color": "#0000C0"},
    "given rate": {"num_format": "0.######", "font_color": "#0000C0"},
    "pounds": {"num_format": POUNDS},
    "total": {"num_format": POUNDS, "bold": True, "top": 1},
    "stored": {"num_format": POUNDS, "font_color": "#4B5A63", "italic": True},
    "rate": {"num_format": RATE},
    "exact": {"num_format": EXACT},
    "whole": {"num_format": WHOLE},
}


@dataclass(frozen=True)
class Formula:
    """A formula, without its equals sign, and what it comes to now."""

    text: str
    value: float | str | Decimal | None = 0


def to_the_penny(pounds: str) -> str:
    """The formula that rounds pounds, not below zero, half to even as they are stored; ROUND would go half away."""
    pence = f"({pounds})*100"
    is_half = f"ABS({pence}-INT({pence})-0.5)<0.00001"
    return f"IF({is_half},INT({pence})+MOD(INT({pence}),2),ROUND({pence},0))/100"


@dataclass(frozen=True)
class Column:
    """A column: its name in this program, its heading, the style of its cells and its width in letters."""

    name: str
    heading: str
    style: str = "words"
    width: float = 14


class Book:
    """A workbook that is being written."""

    def __init__(self, title: str, subject: str, made_at: datetime | None) -> None:
        self._file = io.BytesIO()
        self._workbook = xlsxwriter.Workbook(self._file, {"in_memory": True, "strings_to_formulas": False})
        properties: dict[str, Any] = {"title": title, "subject": subject, "author": "Total Place"}
        if made_at is not None:
            # The same map gives the same file.
            properties["created"] = made_at.replace(tzinfo=None, microsecond=0)
        self._workbook.set_properties(properties)
        self._workbook.set_calc_mode("auto")
        self.formats = {name: self._workbook.add_format({**SANS, **how}) for name, how in STYLES.items()}
        self.footer = f"&L{title.replace('&', '&&')}&RPage &P of &N"

    def sheet(self, name: str, columns: Sequence[Column], top: int = 0) -> "Sheet":
        """A sheet with its headings in row `top` (from 0), frozen."""
        return Sheet(self, self._workbook.add_worksheet(name), name, columns, top)

    def name(self, name: str, cell: str) -> None:
        """Gives a cell a name that formulas can say."""
        self._workbook.define_name(name, f"={cell}")

    def chart(self, how: Mapping[str, str]) -> Any:
        """A chart to be put on a sheet."""
        return self._workbook.add_chart(dict(how))

    def save(self) -> bytes:
        self._workbook.close()
        return self._file.getvalue()


class Sheet:
    """A sheet, written row by row below its headings. Rows are numbered as a spreadsheet shows them, from 1."""

    def __init__(self, book: Book, worksheet: Any, name: str, columns: Sequence[Column], top: int) -> None:
        self.book, self.worksheet, self.name = book, worksheet, name
        self.columns = {column.name: index for index, column in enumerate(columns)}
        self.styles = {column.name: column.style for column in columns}
        self.next_row = top + 2
        for index, column in enumerate(columns):
            worksheet.set_column(index, index, column.width, book.formats[column.style])
            worksheet.write_string(top, index, column.heading, book.formats["heading"])
        if columns:
            worksheet.freeze_panes(top + 1, 0)
            worksheet.repeat_rows(top)
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer(book.footer)

    def add(self, values: Mapping[str, Any], style: str | None = None) -> int:
        """Writes a row of values by column name, and returns its number."""
        number = self.next_row
        for name, value in values.items():
            self.put(number, self.columns[name], value, style or self.styles[name])
        self.next_row += 1
        return number

    def put(self, row: int, column: int, value: Any, style: str) -> None:
        """Writes one cell: a formula with its value, a number as a number, a text that stays a text."""
        place, how = (row - 1, column), self.book.formats[style]
        if isinstance(value, Formula):
            said = value.value if isinstance(value.value, str) else float(value.value or 0)
            self.worksheet.write_formula(*place, f"={value.text}", how, said)
        elif isinstance(value, bool):
            self.worksheet.write_string(*place, "yes" if value else "no", how)
        elif isinstance(value, int | float | Decimal):
            self.worksheet.write_number(*place, float(value), how)
        elif value not in (None, ""):
            self.worksheet.write_string(*place, defused(str(value)), how)

    def cell(self, name: str, row: int) -> str:
        """The address of a cell, for a formula on any sheet."""
        return f"{self._quoted}${self.letter(name)}${row}"

    def range(self, name: str, first: int, last: int) -> str:
        letter = self.letter(name)
        return f"{self._quoted}${letter}${first}:${letter}${last}"

    def letter(self, name: str) -> str:
        return xl_col_to_name(self.columns[name])

    @property
    def _quoted(self) -> str:
        return f"'{self.name}'!" if " " in self.name else f"{self.name}!"

    def filter_from(self, top: int) -> None:
        """Lets the reader filter the rows below the headings in row `top` (from 1)."""
        if self.next_row > top + 1:
            self.worksheet.autofilter(top - 1, 0, self.next_row - 2, len(self.columns) - 1)


__all__ = ["Book", "Column", "Formula", "Sheet", "to_the_penny"]
