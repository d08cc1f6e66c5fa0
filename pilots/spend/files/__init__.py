"""The one importer of spend lines, for page, command and API, and the files that give them back.

table = read_table(path)                       a file of any kind as rows of cells
mapping = guess_mapping(table)                 or mapping_of(table, corrections)
plan = plan_import(version, table, mapping, person)   problems, notices, difference; nothing written
apply_plan(plan, person, via)                  all or nothing
"""

from .destinations import AnyCount, NotFound, OneCount
from .headings import guess_mapping, mapping_of
from .plan import Difference, Mode, Plan, PlanIsOld, apply_plan, import_table, plan_import
from .problems import FileProblem, FileRefused
from .reading import read_table
from .table import LOADED, UPLOADED, Limits, Table

__all__ = [
    "LOADED",
    "UPLOADED",
    "AnyCount",
    "Difference",
    "FileProblem",
    "FileRefused",
    "Limits",
    "Mode",
    "NotFound",
    "OneCount",
    "Plan",
    "PlanIsOld",
    "Table",
    "apply_plan",
    "guess_mapping",
    "import_table",
    "mapping_of",
    "plan_import",
    "read_table",
]
