"""Reports as workbooks whose formulas a spreadsheet recalculates to the figures that are stored.

`write_place_workbook(version, scenario, address)` and `write_programme_workbook(...)` give the bytes of an XLSX.
"""

from .place import write_place_workbook
from .programme import write_programme_workbook

__all__ = ["write_place_workbook", "write_programme_workbook"]
