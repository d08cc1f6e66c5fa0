"""What is: programmes, places, bodies, people and the count of their spending."""

from .agency import Agency, AgencyType, Coverage
from .classification import ServiceLine, ServiceLineAncestor, SpendType, Theme, ThemeLine
from .comment import CellComment
from .count import Count, Version
from .history import History
from .person import ApiToken, Person, Role
from .place import Membership, Place, PlaceOutline, Population
from .programme import FinancialYear, Programme
from .progress import Milestone
from .quality import QualityMeasure, QualityReading
from .reconciliation import ControlTotal
from .spend import SpendLine

__all__ = [
    "Agency",
    "AgencyType",
    "ApiToken",
    "CellComment",
    "ControlTotal",
    "Count",
    "Coverage",
    "FinancialYear",
    "History",
    "Membership",
    "Milestone",
    "Person",
    "Place",
    "PlaceOutline",
    "Population",
    "Programme",
    "QualityMeasure",
    "QualityReading",
    "Role",
    "ServiceLine",
    "ServiceLineAncestor",
    "SpendLine",
    "SpendType",
    "Theme",
    "ThemeLine",
    "Version",
]
