"""What a place's report says, section by section."""

from collections import defaultdict
from decimal import Decimal
from urllib.parse import urljoin

from mapping.charts import findings, findings_of_place, heat_map, spend_by_body
from mapping.charts.blocks import KeyItem
from mapping.charts.inputs import NOTHING, PlaceFigures, ReconciliationFigures, total
from mapping.charts.names import heading
from mapping.charts.quality import marked, quality_notes
from mapping.charts.tree import REST, Tree, category_token
from mapping.pages.place_page import pair_rows, spend_rests_on
from mapping.pages.reconciliation_page import difference
from mapping.summary import place_figures, reconciliation_figures
from pilots.models import Place, Version
from pilots.people.asking import contact_of
from totalplace import money

from .blocks import Bar, Bars, Facts, Heat, HeatCell, HeatRow, Report, Section, bar_of, largest
from .queries import assumption_set_of, sources_of
from .shared import JOINED, assumptions, identity_of, method, rests_on_bars, ways, years

MOST_ROWS_OF_A_SHEET = 40
SHARED_OUT = KeyItem("national", "shared out by population")


def place_report(version: Version, scenario: str, address: str) -> Report:
    """The report of a version of a place's count in a case; `address` is where it stands for good."""
    figures = place_figures(version, scenario)
    report = Report(
        identity=identity_of(figures.name, figures.provenance, address),
        headline=str(findings_of_place.place_headline(figures)),
        lead="",
    )
    if not figures.spend:
        return report
    sections = [spend(figures), heat(figures)]
    lead = "What they could save is being computed; this report is complete in a few seconds."
    if figures.provenance.cannot_be_made:
        lead = f"What they could save cannot be computed. {' '.join(figures.provenance.cannot_be_made)}"
    if figures.savings is not None:
        lead = f"{findings.saving_lead(figures.savings, scenario)} {findings.rests_on_lead(figures.savings.rests_on)}"
        sections += [
            ways(figures.savings, scenario, figures.short_name, figures.flags, quality_notes(figures.flags)),
            pairs(figures),
            years(figures.savings, scenario),
            rests_on(figures),
        ]
    sections.append(reconciled(reconciliation_figures(version)))
    if assumed := assumption_set_of([version.pk]):
        sections.append(assumptions(*assumed))
    asking = whom_to_ask(version.count.place, address)
    sections.append(method(*sources_of([version.pk]), asking, address, figures.provenance.is_illustrative))
    return Report(report.identity, report.headline, lead.strip(), tuple(sections))


def whom_to_ask(place: Place, address: str) -> str:
    """Who answers for a place's figures, and where to ask; `address` is that of the report."""
    contact = contact_of(place)
    return f"Whom to ask about these figures: {money.listed(contact.names)}, at {urljoin(address, contact.address)}"


def spend(figures: PlaceFigures) -> Section:
    """Who spends on what: a bar a body, split by branch of the service tree."""
    tree = Tree(figures.services)
    rows = [row for row in spend_by_body.rows(figures) if row.drawn]
    coloured = tree.coloured((leaf, amount) for row in rows for leaf, amount in row.drawn.items())
    longest = largest([total(row.drawn.values()) for row in rows])
    listed = spend_by_body.listed_below_zero(figures)
    return Section(
        id="spend",
        title=findings_of_place.who_spends(figures),
        about=f"Spend by body, split by service, {figures.provenance.year}",
        blocks=(
            Bars(
                tuple(_spend_bar(row, tree, coloured, longest) for row in rows),
                tuple(KeyItem(token, words) for token, words in spend_by_body.key(figures)),
            ),
        ),
        notes=tuple(filter(None, [findings.below_zero([cell.amount for cell in listed])])),
    )


def _spend_bar(row: spend_by_body.Row, tree: Tree, coloured: list[str], longest: Decimal) -> Bar:
    by_branch: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for leaf, amount in row.drawn.items():
        branch = tree.branch(leaf)
        by_branch[branch if branch in coloured else REST] += amount
    ranked = sorted(by_branch, key=lambda code: (code == REST, -by_branch[code], code))
    parts = []
    for code in ranked:
        name = "Everything else" if code == REST else heading(code, tree.services[code].name)
        token = REST if code == REST else category_token(code, coloured)
        parts.append((token, by_branch[code], f"{name} {money.headline(by_branch[code])}"))
    note = f"{money.headline(row.spend)}, {row.note}" if row.note else money.headline(row.spend)
    return Bar(row.name, note, bar_of(parts, longest))


def heat(figures: PlaceFigures) -> Section:
    """Exactly where: bodies down, services across, £ million."""
    table = heat_map.heat_map(figures)
    columns = tuple(column.heading for column in table.columns)
    below = (KeyItem("below-zero", "below zero"),)
    return Section(
        id="who-does-what",
        title=findings_of_place.who_does_what(figures),
        about=f"Spend by body and service, £ million, {figures.provenance.year}; blank: none recorded",
        blocks=(
            Heat(
                columns=columns,
                rows=tuple(_heat_row(row) for group in table.groups for row in group),
                total=_heat_row(table.total),
                key=(*(KeyItem(token, words) for token, words in table.key), *below, SHARED_OUT),
            ),
        ),
        # Until then it stands on one sheet.
        may_break=len(figures.bodies) > MOST_ROWS_OF_A_SHEET,
    )


def _heat_row(row: heat_map.HeatRow) -> HeatRow:
    """A row with its classes as tokens: heat-3 is filled like spend-3."""
    tokens = {"heat-below": "below-zero"}
    cells = (
        HeatCell(cell.text, tokens.get(cell.fill, cell.fill.replace("heat-", "spend-")) if cell.fill else "")
        for cell in row.cells
    )
    return HeatRow(row.name, tuple(cells), row.total, row.is_shared_out)


def pairs(figures: PlaceFigures) -> Section:
    """Who should talk to whom: the largest pairs."""
    rows = pair_rows(figures)
    longest = largest([row.amount for row in rows])
    bars = tuple(
        Bar(
            marked(f"{row.body_a} and {row.body_b}", row.flags),
            f"£{money.millions(row.amount)}m, mostly {row.about}" if row.about else f"£{money.millions(row.amount)}m",
            bar_of([("joined", row.amount, "")], longest),
        )
        for row in rows
    )
    shown = f"{len(rows)} of {money.counted(figures.pair_count, 'pair')}"
    return Section(
        id="pairs",
        title=findings_of_place.who_talks_first(figures.pairs, figures.bodies),
        about=f"What two bodies would save if only they joined up, {figures.provenance.scenario} case; {shown}",
        blocks=(Bars(bars, (JOINED,)),) if bars else (),
        notes=("Pairs overlap: the same pound stands in several of them, so they rank but never add up.",),
    )


def rests_on(figures: PlaceFigures) -> Section:
    """What the spend, the saving and each way rest on."""
    assert figures.savings is not None
    spend_on = spend_rests_on(figures)
    levers = sorted(figures.savings.levers, key=lambda lever: -total(lever.rests_on.values()))
    rows = [("All spend", spend_on), ("All savings", figures.savings.rests_on)]
    rows += [(lever.name, lever.rests_on) for lever in levers]
    return Section(
        id="rests-on",
        title=findings_of_place.place_rests_on(spend_on, figures.savings.rests_on),
        about="What each figure rests on",
        blocks=(rests_on_bars(rows),),
    )


def reconciled(figures: ReconciliationFigures) -> Section:
    """The reconciliation in short: what is counted, and what is not."""
    counted = total(row.counted for row in figures.counted)
    nowhere = total(transfer.amount for transfer in figures.transfers if not transfer.is_counted_there)
    items = [("Counted here", f"{money.exact(counted)}, revenue without what is passed on")]
    for published in figures.gaps.published:
        if published.amount is not None:
            said = f"{money.headline(published.amount)}, {published.subject}. Counted here is "
            items.append((f"Published, {published.year}", said + difference(counted, published.amount)))
    passed = total(transfer.amount for transfer in figures.transfers)
    words = f"{money.exact(passed)} to other public bodies, in no total"
    if nowhere:
        words += f"; {money.exact(nowhere)} of it to bodies that report nothing here, so counted nowhere"
    items.append(("Passed on", words))
    if left_out := total(item.amount for item in figures.left_out):
        items.append(("Left out", f"{money.exact(left_out)} in the sources that is not spending of a body here"))
    items.append(
        ("Capital", f"{money.exact(figures.capital)}, beside the totals" if figures.capital else "None recorded")
    )
    missing = money.listed(figures.gaps.not_reported)
    items.append(("Not reported", money.starting(missing) if missing else "Every service has an amount"))
    if figures.provenance.missing:
        items.append(("Partial year", f"Lacks {money.listed(figures.provenance.missing)}"))
    return Section(
        id="reconciliation",
        title="What is in these figures, and what is not",
        about="The reconciliation in short; in full on the place’s page",
        blocks=(Facts(tuple(items)),),
    )
