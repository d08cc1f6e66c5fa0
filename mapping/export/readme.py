"""What an export says of itself to people."""

from .contents import Contents

LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
ILLUSTRATIVE = {
    "name": "CC0-1.0",
    "title": "Creative Commons Zero v1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def licence(contents: Contents) -> dict[str, str]:
    """What it may be used under."""
    return ILLUSTRATIVE if contents.is_illustrative else LICENCE


def readme(contents: Contents) -> str:
    """A page of text: what is in it, and how its figures add up."""
    sets = sorted({one.set_number for one in contents.versions if one.set_number is not None})
    lines = [
        f"# {contents.title}",
        "",
        "Illustrative data, made up; no figure of it is of any real body."
        if contents.is_illustrative
        else "What the places published, and what the bodies could save together.",
        *([f"Partial: the counts lack {', '.join(contents.missing)}."] if contents.missing else []),
        "",
        f"Year: {contents.year.label}. Case: {contents.scenario}. Places: {len(contents.versions)}. "
        f"Assumption set: {', '.join(map(str, sets)) or 'none yet'}.",
        "",
        "## How the figures add up",
        "",
        "Amounts are pounds. A place's spend_total is the sum of the amounts of its spend lines where is_capital and "
        "is_transfer are both false: capital, and money passed on to another public body, are in no total.",
        "full_year and joined are the sums of saving and joined over its savings cells. addressable is never added up "
        "over levers: two levers may address the same pound.",
        "",
        "## Tables",
        "",
        *(f"- {table.name}: {table.about}" for table in contents.tables()),
        "",
        f"Licence: {licence(contents)['title']}, {licence(contents)['path']}",
    ]
    if not contents.is_illustrative:
        lines.append("Spend: official revenue outturn returns, Crown copyright, unless a line's source says otherwise.")
    return "\n".join([*lines, ""])
