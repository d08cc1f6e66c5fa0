"""What the programme's report says, section by section."""

from decimal import Decimal

from mapping.charts import findings, findings_of_programme
from mapping.charts.blocks import Column, KeyItem, Table, pounds, total_row, words
from mapping.charts.england import England, england
from mapping.charts.inputs import NOTHING, PlaceRow, ProgrammeFigures, total
from mapping.charts.quality import marked, quality_notes
from mapping.pages.programme_page import chosen_places, coverage
from mapping.pages.queries import place_shapes
from mapping.summary import programme_figures
from pilots.models import FinancialYear, Programme, Version
from pilots.quality.worsened import together
from totalplace import money

from .blocks import Area, Bar, Bars, Facts, Figures, Map, Report, Section, bar_of, largest
from .queries import assumption_set_of, sources_of
from .shared import JOINED, assumptions, identity_of, method, rests_on_bars, ways, years

MOST_BARS = 20
WHOM_TO_ASK = "Each place answers for its own count: its page and its report name whom to ask."


def programme_report(programme: Programme, year: FinancialYear, scenario: str, kind: str, address: str) -> Report:
    """The report over the published counts of places of `kind` (pilot, parallel or all) in a year and a case."""
    figures = programme_figures(programme, year, scenario, kind)
    places = chosen_places(figures)
    counted = [place for place in places if place.spend is not None]
    name = findings_of_programme.places_word(kind, len(counted))
    savings = figures.savings
    headline = findings_of_programme.programme_headline(
        kind, places, savings.joined.at(scenario) if savings else None, figures.provenance.is_partial
    )
    identity = identity_of(f"{programme.name}, {name}", figures.provenance, address)
    if not counted:
        return Report(identity, str(headline), "")
    versions = published_in(programme, year, kind)
    sections = [where(england(figures.places, kind, place_shapes(programme), scenario), places, kind, scenario)]
    if savings is not None:
        flags = together(place.flags for place in places)
        sections += [
            ways(savings, scenario, name, flags, quality_notes(flags, names_place=True)),
            years(savings, scenario),
        ]
    sections += [places_ranked(places, scenario), rests_on(figures), *_spend_of(figures, counted)]
    if assumed := assumption_set_of(versions):
        sections.append(assumptions(*assumed))
    sections.append(method(*sources_of(versions), WHOM_TO_ASK, address, figures.provenance.is_illustrative))
    lead = findings.saving_lead(savings, scenario) if savings else ""
    return Report(identity, str(headline), lead, tuple(section for section in sections if section is not None))


def published_in(programme: Programme, year: FinancialYear, kind: str) -> list[int]:
    """The published versions of the places of `kind`, by id."""
    published = Version.objects.filter(
        published_for__year=year, count__place__programme=programme, count__place__retired_on=None
    )
    chosen = published if kind == "all" else published.filter(count__place__kind=kind)
    return list(chosen.values_list("pk", flat=True))


def where(map_: England | None, places: list[PlaceRow], kind: str, scenario: str) -> Section | None:
    """The map of England, where places have outlines."""
    if map_ is None:
        return None
    note = findings_of_programme.large_councils_note(places, scenario)
    return Section(
        id="map",
        title=findings_of_programme.where(kind, places, scenario),
        about=f"Saving from joining up, £ a head in a full year, {scenario} case",
        blocks=(drawn(map_),),
        notes=(f"{note} Large: a county, unitary, metropolitan or London borough council.",) if note else (),
    )


def drawn(map_: England) -> Map:
    """The map as paths; London stands where it is, and not a second time."""
    view = map_.view
    return Map(
        view=(view.left, view.top, view.width, view.height),
        land=map_.land,
        areas=tuple(Area(area.path, area.fill, area.is_chosen) for area in (*map_.areas, *map_.london)),
        key=tuple(KeyItem(token, words) for token, words in map_.key),
        unit=map_.unit,
        sentence=map_.sentence,
    )


def places_ranked(places: list[PlaceRow], scenario: str) -> Section:
    """The places by saving from joining up: the first as bars, all as figures."""

    def joined(place: PlaceRow) -> Decimal:
        return place.joined.at(scenario) if place.joined else NOTHING

    ranked = sorted(places, key=lambda place: (place.joined is None, -joined(place), place.name))
    longest = largest([joined(place) for place in ranked])
    bars = tuple(
        Bar(
            marked(place.name, place.flags.worsened),
            f"£{money.millions(joined(place))}m, {money.per_head(joined(place), place.population)}",
            bar_of([("joined", joined(place), "")], longest),
        )
        for place in ranked[:MOST_BARS]
        if place.joined
    )
    return Section(
        id="places",
        title=findings_of_programme.top_place(places, scenario),
        about=f"Saving from joining up in a full year, {scenario} case, most first",
        blocks=(Bars(bars, (JOINED,)), Figures(_places_table(ranked, scenario), (33, 7, 16, 14.5, 14.5, 15))),
        may_break=True,
    )


def _places_table(ranked: list[PlaceRow], scenario: str) -> Table:
    known = [place for place in ranked if place.joined and place.saving]
    return Table(
        caption=f"Every place, £, {scenario} case",
        columns=(
            Column("Place", is_number=False),
            Column("Bodies"),
            Column("Spend"),
            Column("By joining up"),
            Column("Saving in all"),
            Column("From own returns"),
        ),
        rows=tuple(_place_row(place, scenario) for place in ranked),
        total=(
            words(money.counted(len(ranked), "place")),
            words(""),
            *total_row(
                "",
                [
                    total(place.spend or NOTHING for place in ranked),
                    total(place.joined.at(scenario) for place in known if place.joined),
                    total(place.saving.at(scenario) for place in known if place.saving),
                    total(place.own for place in ranked),
                ],
            )[1:],
        ),
    )


def _place_row(place: PlaceRow, scenario: str):
    if place.spend is None:
        return (words(place.name), words(""), words("not counted"), words(""), words(""), words(""))
    joined = pounds(place.joined.at(scenario)) if place.joined else words("being computed")
    saving = pounds(place.saving.at(scenario)) if place.saving else words("")
    name = marked(place.name, place.flags.worsened)
    return (words(name), words(str(place.bodies)), pounds(place.spend), joined, saving, pounds(place.own))


def rests_on(figures: ProgrammeFigures) -> Section:
    """What the spend and the saving rest on."""
    rows = [("All spend", figures.rests_on)]
    if figures.savings is not None:
        levers = sorted(figures.savings.levers, key=lambda lever: -total(lever.rests_on.values()))
        rows += [("All savings", figures.savings.rests_on), *((lever.name, lever.rests_on) for lever in levers)]
    return Section(
        id="rests-on",
        title=findings_of_programme.programme_rests_on(figures.rests_on),
        about="What each figure rests on",
        blocks=(rests_on_bars(rows),),
    )


def _spend_of(figures: ProgrammeFigures, counted: list[PlaceRow]) -> list[Section]:
    """What is in the figures: coverage, what was published, and the sum for scale."""
    items = [
        (kind, f"{done} of {whole} have a published count for {figures.provenance.year}")
        for kind, done, whole in coverage(figures)
    ]
    spend = total(place.spend or NOTHING for place in counted)
    items.append(("Counted", f"{money.exact(spend)}, revenue without what is passed on"))
    items += [
        (f"Published, {published.year}", f"{money.headline(published.amount)}, {published.subject}")
        for published in figures.gaps.published
        if published.amount is not None
    ]
    if figures.gaps.not_reported:
        items.append(("Not reported", money.starting(money.listed(figures.gaps.not_reported))))
    items.append(("For scale", f"One per cent of what has been counted is {money.headline(spend / 100)} a year"))
    section = Section(
        id="coverage",
        title="What is in these figures, and what is not",
        about="Each place’s reconciliation stands on its own page",
        blocks=(Facts(tuple(items)),),
    )
    return [section]
