"""What is: programmes, places, bodies, people and the count of their spending."""

from .agency import Agency, AgencyType, Coverage
from .classification import ServiceLine, ServiceLineAncestor, SpendType, Theme, ThemeLine
from .comment import CellComment
from .count import Count, Version
from .history import History
from .invitation import Invitation, PasswordReset
from .person import ApiToken, Person, Role
from .place import Membership, Place, PlaceOutline, Population
from .programme import FinancialYear, Programme
from .progress import Judgement, Milestone, ProgressUpdate, Question
from .quality import QualityMeasure, QualityReading
from .reconciliation import ControlTotal
from .review import ReviewComment, Submission, WarningAnswer
from .spend import SpendLine
from .upload import Upload, UploadPiece

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
    "Invitation",
    "Judgement",
    "Membership",
    "Milestone",
    "PasswordReset",
    "Person",
    "Place",
    "PlaceOutline",
    "Population",
    "Programme",
    "ProgressUpdate",
    "QualityMeasure",
    "QualityReading",
    "Question",
    "ReviewComment",
    "Role",
    "ServiceLine",
    "ServiceLineAncestor",
    "SpendLine",
    "SpendType",
    "Submission",
    "Theme",
    "ThemeLine",
    "Upload",
    "UploadPiece",
    "Version",
    "WarningAnswer",
]
