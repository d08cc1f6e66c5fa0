"""From a return to the spend lines of a place, by hand-worked figures."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pilots.outturn import (
    Member,
    NationalFigure,
    Place,
    Receivers,
    lines_of_place,
    national_lines,
    read_return,
    read_workbook,
)
from pilots.outturn.apportion import to_penny
from tests.outturn.shipped import BODIES, LOOKUP
from tests.outturn.workbooks import FLOOD_LEVY, workbook

WASTE, TRANSPORT = "waste disposal authority", "passenger transport authority"


@pytest.fixture
def returned(tmp_path):
    """A year's return of the bodies given, with their amounts in thousands."""

    def make(bodies, year="2010-11"):
        return read_return(read_workbook(workbook(tmp_path, year, bodies)), LOOKUP, BODIES)

    return make


def place(*members, population=1_000):
    return Place("kent", population, members)


def test_a_body_wholly_inside_counts_in_full_as_actual(returned):
    (line,) = lines_of_place(returned({"E2221": {"Education services": 12}}), place(Member("E2221")), Receivers())
    assert (line.agency, line.service_line, line.spend_type) == ("E2221", "education-services", "unspecified")
    assert (line.amount, line.whole_amount, line.share) == (Decimal("12000.00"), 12_000, 1)
    assert (line.basis, line.method, line.is_transfer, line.receiver) == ("actual", "", False, "")
    assert line.source == "Revenue outturn summary 2010-11, net current expenditure: Education services"


def test_a_body_that_serves_more_than_the_place_counts_by_its_share(returned):
    member = Member("E6022", Decimal("0.847236"), "population 2011")
    (line,) = lines_of_place(returned({"E6022": {"Police services": 317_624}}), place(member), Receivers())
    # 317,624,000 x 0.847236 = 269,102,487.264
    assert line.amount == Decimal("269102487.26")
    assert (line.whole_amount, line.share) == (317_624_000, Decimal("0.847236"))
    assert (line.basis, line.method) == ("apportioned", "population share")


@pytest.mark.parametrize(
    ("thousands", "share", "pounds"),
    [
        (1, "0.000125", "0.12"),  # 0.125 goes to the even penny
        (1, "0.000135", "0.14"),  # 0.135 too
        (-1, "0.000125", "-0.12"),
        (3, "0.333333", "1000.00"),  # 999.999
    ],
)
def test_shares_are_rounded_to_the_penny_half_to_even(returned, thousands, share, pounds):
    bodies = {"E6022": {"Police services": thousands}}
    (line,) = lines_of_place(returned(bodies), place(Member("E6022", Decimal(share))), Receivers())
    assert line.amount == Decimal(pounds)


def test_nothing_comes_of_cells_that_are_zero_or_left_out_or_of_bodies_elsewhere(returned):
    bodies = {
        "E2221": {"Education services": 0, "Adjustments to net current expenditure": 9},
        "E2231": {"Education services": 5},
    }
    assert lines_of_place(returned(bodies), place(Member("E2221")), Receivers()) == []


def test_precepts_and_levies_without_a_certain_receiver_are_one_transfer_that_names_its_parts(returned):
    bodies = {"E2231": {"Parish precepts": 356, "Other levies": 23, FLOOD_LEVY: 1}}
    (line,) = lines_of_place(returned(bodies), place(Member("E2231")), Receivers())
    assert (line.service_line, line.is_transfer, line.receiver) == ("levies-and-precepts", True, "")
    assert line.amount == 380_000
    assert line.source.endswith(f": Parish precepts; Other levies; {FLOOD_LEVY}")
    assert line.note == f"The sum of: Parish precepts £356,000; Other levies £23,000; {FLOOD_LEVY} £1,000."


def test_parts_that_cancel_out_leave_no_line(returned):
    bodies = {"E2231": {"Parish precepts": 5, "Other levies": -5}}
    assert lines_of_place(returned(bodies), place(Member("E2231")), Receivers()) == []


def test_a_levy_goes_to_the_one_authority_that_covers_its_payer(returned):
    bodies = {
        "E4201": {"Waste Disposal Authority levy": 13, "Integrated Transport Authority levy": 17},
        "E6202": {"Waste Disposal Authority levy": -13},
        "E6342": {"Integrated Transport Authority levy": -17},
    }
    receivers = Receivers({("E4201", WASTE): frozenset({"E6202"}), ("E4201", TRANSPORT): frozenset({"E6342"})})
    lines = lines_of_place(returned(bodies), place(Member("E4201"), Member("E6202")), receivers)
    assert [(line.agency, line.receiver, line.amount) for line in lines] == [
        ("E4201", "E6202", 13_000),
        ("E4201", "E6342", 17_000),
        ("E6202", "", -13_000),
    ]
    assert all(line.is_transfer for line in lines)


@pytest.mark.parametrize("covering", [set(), {"E6202", "E6204"}])
def test_a_receiver_that_is_not_certain_stays_blank(returned, covering):
    bodies = {"E4201": {"Waste Disposal Authority levy": 13}, "E6202": {"Waste Disposal Authority levy": -13}}
    receivers = Receivers({("E4201", WASTE): frozenset(covering)})
    (line,) = lines_of_place(returned(bodies), place(Member("E4201")), receivers)
    assert line.receiver == ""


def test_membership_and_share_pass_on_to_a_successor(returned):
    bodies = {"E7022": {"Police services": 100}}
    receivers = Receivers(successors={"E6022": "E7022"})
    (line,) = lines_of_place(returned(bodies, "2012-13"), place(Member("E6022", Decimal("0.25"))), receivers)
    assert (line.agency, line.amount) == ("E7022", 25_000)


def test_a_levy_goes_to_the_successor_once_it_reports(returned):
    bodies = {"E4201": {"Integrated Transport Authority levy": 17}, "E6348": {"Other services": 1}}
    receivers = Receivers({("E4201", TRANSPORT): frozenset({"E6342"})}, {"E6342": "E6348"})
    (line,) = lines_of_place(returned(bodies, "2011-12"), place(Member("E4201")), receivers)
    assert line.receiver == "E6348"


def test_successors_that_lead_back_do_not_count_a_body_twice(returned):
    bodies = {"E6022": {"Police services": 100}}
    receivers = Receivers(successors={"E6022": "E7022", "E7022": "E6022"})
    assert len(lines_of_place(returned(bodies), place(Member("E6022")), receivers)) == 1


def figure(name, whole, leaf="state-pension", agency="DWP", population=61_371_315):
    return NationalFigure(agency, name, leaf, "transfer payments", Decimal(whole), population, "A department")


def test_a_national_figure_is_shared_out_by_the_exact_ratio_of_populations():
    kent = place(population=1_463_740)
    (line,) = national_lines([figure("State pension", 69_777_000_000)], kent)
    exact = Fraction(69_777_000_000) * 1_463_740 / 61_371_315
    assert abs(Fraction(line.amount) - exact) <= Fraction(1, 200)
    assert (line.basis, line.method) == ("apportioned", "national average")
    assert line.share == Decimal("0.023850556241")
    assert line.note == "Shared out by population: 1,463,740 of 61,371,315 people."


def test_figures_that_fall_on_one_line_are_added_before_they_are_rounded():
    kent = place(population=1_463_740)
    pensions = [figure("State pension", 69_777_000_000), figure("Winter fuel payment", 2_743_100_000)]
    (line,) = national_lines(pensions, kent)
    assert line.amount == Decimal("1729644723.66")
    assert line.source == "A department: State pension; Winter fuel payment"
    assert line.note.startswith("The sum of: State pension £69,777,000,000; Winter fuel payment £2,743,100,000.")


def test_an_average_a_head_comes_to_whole_pounds():
    nhs = figure("Allocation", 1_612 * 53_012_456, "nhs-commissioned", "NHS", 53_012_456)
    (line,) = national_lines([nhs], place(population=1_463_740))
    assert line.amount == 1_612 * 1_463_740


def test_an_exact_amount_is_rounded_once_half_to_even():
    assert [to_penny(Fraction(text)) for text in ("0.125", "0.135", "-0.125", "1/3")] == [
        Decimal("0.12"),
        Decimal("0.14"),
        Decimal("-0.12"),
        Decimal("0.33"),
    ]
