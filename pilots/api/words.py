"""What each member of an answer means, once for all shapes, with an example of it.

A member that means something else in one shape is kept under "Shape.member".
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Word(NamedTuple):
    about: str
    example: Any


def word(shape: str, member: str) -> Word:
    """What a shape's member means. Raises KeyError where nobody has said."""
    return WORDS.get(f"{shape}.{member}") or WORDS[member]


def _words(**words: tuple[str, Any]) -> dict[str, Word]:
    return {member: Word(*said) for member, said in words.items()}


PLACES = _words(
    slug=("The place's name in addresses.", "kent"),
    name=("Its name.", "Kent"),
    short_name=("Its name where room is short.", "Kent"),
    kind=("pilot or parallel.", "pilot"),
    participation=("confirmed by a source, or a candidate.", "confirmed"),
    region=("Its region.", "South East"),
    population=("People living there, by the newest count.", 1_731_400),
    themes=("What the place chose to study.", ["customer access"]),
    status=("Where its count of the default year stands.", "published"),
    lead_body=("The body that leads the place.", "Kent County Council"),
    source=("Where this is from.", "Revenue outturn 2010-11, RS"),
    agencies=("The bodies that serve it.", []),
    years=("The years of its counts.", ["2010-11", "2011-12"]),
    counts=("Its counts, newest year first.", []),
    share_basis=("What the share is taken from.", "wholly inside"),
    snapshot=("The number of the newest published snapshot.", 1),
    label=("What the snapshot was published as.", "official return"),
    published_at=("When it was published.", "2010-06-01T09:00:00Z"),
    is_partial=("Whether whole kinds of body are missing.", False),
    missing=("The kinds of body that are missing.", []),
    working=("The working version, for those who may read it.", None),
    revision=("Rises with every change of its lines.", 41_000),
    milestones=("Its milestones.", []),
    due_on=("The day it is due.", "2010-02-05"),
    reached_on=("The day it was reached.", "2010-02-04"),
) | {
    "CountState.status": Word("Where this year's count stands.", "published"),
    "WorkingState.status": Word("draft, submitted, returned, approved, or published as it stands.", "draft"),
    "Milestone.kind": Word("Which milestone.", "interim_report"),
}

SPEND = _words(
    id=("The line's number.", 4711),
    row_version=("Rises with every change of the line; in quotes it is the line's ETag.", 3),
    place=("The place's slug.", "kent"),
    year=("The financial year.", "2010-11"),
    agency=("The code of the body that delivers.", "E2221"),
    funder=("The code of the body whose money it is; null where it is not stated.", None),
    service_line=("The code of the service line.", "highways-transport"),
    spend_type=("The code of the spend type.", "unspecified"),
    is_capital=("Capital stands beside the totals and is in none of them.", False),
    is_transfer=("Money passed on to another public body, in no total.", False),
    receiver=("The code of the body that a transfer goes to.", None),
    amount=("What is counted in the place, after the share.", "68043000.00"),
    whole_amount=("The whole body's amount, where only a share is counted.", None),
    share=("The share of the body that is counted in the place.", "1"),
    basis=("What the amount is: actual, budget, estimate or apportioned.", "actual"),
    method=("How an apportioned amount was shared out.", ""),
    note=("Anything worth knowing.", ""),
    shared_by=("The numbers by which an apportioned amount was shared out, in words; empty where none are kept.", ""),
)

REFERENCE = _words(
    code=("The code that other answers name it by.", "E2221"),
    type=("Its kind, as the rules of the levers name it.", "county council"),
    parent=("The code of what it belongs to.", None),
    successor=("The code of the body that followed it.", None),
    first_year=("The first financial year in which it exists.", None),
    last_year=("The last financial year in which it exists.", None),
    cofog=("The United Nations' classification of the functions of government.", "04.5"),
) | {
    "Agency.name": Word("The body's name.", "Kent"),
    "PlaceAgency.name": Word("The body's name.", "Kent"),
    "ServiceLine.code": Word("The code that spend lines name it by.", "highways-transport"),
    "ServiceLine.name": Word("Its name.", "Highways and transport services"),
    "ServiceLine.parent": Word("The code of the branch that holds it.", "economic-affairs"),
}

PROBLEMS = _words(
    title=("What kind of problem it is.", "There is nothing here"),
    detail=(
        "What is wrong, and where there is something near, what may be meant.",
        'There is no place "kant". Did you mean kent?',
    ),
    instance=("The address that was asked.", "/api/v1/places/kant/"),
    request_id=("What to give to whoever runs this system.", "0f1d6c2ab3c34a2c8bd8f5b5c0e2a8d4"),
    errors=("The single faults.", []),
    parameter=("The query parameter.", "year"),
    pointer=("The member of the body (RFC 6901).", "/amount"),
    nearest=("Names that are known and near.", ["kent"]),
    current=("The line as it stands.", {}),
    changed_by=("Who changed it last.", {}),
    via=("Through what: page, API or a command.", "page"),
    at=("When.", "2010-02-04T16:20:00Z"),
) | {
    "ProblemDocument.type": Word("Where this kind of problem is explained.", "/api/docs/problems/#not-found"),
    "ProblemDocument.status": Word("The status of the answer.", 404),
    "ChangedBy.name": Word("Their name; null for a command.", "A. Person"),
}

ENVELOPE = _words(
    count=("How many rows there are.", 93),
    next=("The address of the page after this one.", None),
    previous=("The address of the page before.", None),
    messages=("What was taken by default, and what else is worth knowing.", ["Year 2010-11 was taken."]),
    results=("The rows.", []),
)

WORDS: dict[str, Word] = {**PLACES, **SPEND, **REFERENCE, **PROBLEMS, **ENVELOPE}


def tell(words: Mapping[str, Word]) -> None:
    """Adds the words of answers that follow from the count."""
    WORDS.update(words)
