"""What is: programmes, places, bodies, people and the count of their spending."""

from .agency import Agency, AgencyType, Coverage
from .apportionment import ApportionmentInput
from .change import Change
from .classification import ServiceLine, ServiceLineAncestor, SpendType, Theme, ThemeLine
from .comment import CellComment
from .count import Count, Version
from .history import History
from .invitation import Invitation, PasswordReset
from .job import Job
from .person import ApiToken, Person, Role
from .place import Membership, Place, PlaceOutline, Population
from .programme import FinancialYear, Programme
from .progress import Judgement, Milestone, ProgressUpdate, Question
from .quality import QualityMeasure, QualityReading
from .reconciliation import ControlTotal
from .repeat import KeptAnswer
from .review import Decision, ReviewComment, Submission, WarningAnswer
from .spend import SpendLine
from .upload import Upload, UploadPiece
from .webhook import Delivery, Webhook

__all__ = [
    "Agency",
    "AgencyType",
    "ApiToken",
    "ApportionmentInput",
    "CellComment",
    "Change",
    "ControlTotal",
    "Count",
    "Coverage",
    "Decision",
    "Delivery",
    "FinancialYear",
    "History",
    "Invitation",
    "Job",
    "Judgement",
    "KeptAnswer",
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
    "Webhook",
]
