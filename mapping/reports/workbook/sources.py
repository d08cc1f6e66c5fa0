"""The sheet that says what a workbook is, how to read it, and where its figures come from."""

from collections.abc import Sequence

from django.db.models import Count, Sum

from mapping.models import AssumptionSet
from mapping.reports.blocks import Report
from pilots.models import SpendLine
from pilots.quality.worsened import QualityFlags

from .book import Book, Column, Sheet

ROUNDING = (
    "To the penny, half to even, as stored. ROUND goes half away from zero, so formulas say it with IF, INT and MOD; "
    "the net present value is the one figure rounded by ROUND"
)
READING = (
    ("Blue", "given: amounts as recorded, rates as assumed. Change one and everything after it follows"),
    ("Black", "a formula of what stands before it"),
    ("Grey italics", "as stored by Total Place, in the low, the central and the high case"),
    ("Rounding", ROUNDING),
)


def quality_rows(flags: QualityFlags, names_place: bool = False) -> list[tuple[str, str]]:
    """What went the wrong way, as rows of the sheet."""
    return [
        ("Quality fell", f"{measure.place}: {measure.said}" if names_place else measure.said)
        for measure in flags.worsened
    ]


def write_sources(
    book: Book,
    report: Report,
    assumed: AssumptionSet | None,
    versions: Sequence[int],
    digest: str,
    beside: Sequence[tuple[str, str]] = (),
) -> Sheet:
    """What the workbook is, how to read it, what is said `beside` it, and the sources of its spend."""
    sheet = book.sheet(
        "Sources",
        (
            Column("what", "What", "words", 60),
            Column("said", "Said", "words", 80),
            Column("lines", "Lines", "whole", 10),
            Column("amount", "Counted, £", "pounds", 20),
        ),
    )
    identity = report.identity
    said = [
        ("Report", identity.title),
        ("Made from", identity.made_from),
        ("For good at", identity.address),
        ("Digest of what the map was made from", digest),
        *beside,
        *READING,
    ]
    if assumed is not None:
        said += [("Assumption set", f"{assumed}: {assumed.title}" if assumed.title else str(assumed))]
        said += [("Source of the set", assumed.source)] if assumed.source else []
        said += [(f"Set-wide: {name}", str(why)) for name, why in assumed.reasons.items()]
    if not identity.is_illustrative:
        said.append(("Rights", "Official revenue outturn returns, Crown copyright, Open Government Licence v3.0"))
    for what, words in said:
        sheet.add({"what": what, "said": words})
    lines = SpendLine.objects.filter(version__in=versions, is_capital=False, is_transfer=False)
    rows = lines.values_list("source").annotate(lines=Count("pk"), pounds=Sum("amount")).order_by("-pounds", "source")
    for source, count, amount in rows:
        sheet.add({"what": "Source of spend", "said": source or "No source named", "lines": count, "amount": amount})
    return sheet
