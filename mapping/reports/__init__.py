"""Reports: what a place or a programme spends and could save, on A4 sheets and as a workbook.

`place_report(version, scenario, address)` and `programme_report(...)` say what stands in a report, as plain data
(`blocks`); the page and the PDF show the same. `files.report_file` makes a PDF or a workbook of either.
"""

from .place import place_report
from .programme import programme_report

__all__ = ["place_report", "programme_report"]
