"""Blocks from spreadsheets, read alike by the server and by the page's script."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilots.grid.clipboard import format_block, parse_block, parse_pasted

CASES = json.loads((Path(__file__).parent / "paste_cases.json").read_text())
SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "grid" / "clipboard.js"
WITH_CELLS = [case for case in CASES if "cells" in case]
TEXTS = [
    *(case["clipboard"] for case in CASES),
    'a "quoted" word\tb',
    '"over\r\ntwo lines"\t1\r\n',
    '"not closed\t2',
    "\t\t\r\n\r\nx",
    "1\t2\t\r\n3",
]


def script(expression: str, argument: Any) -> Any:
    """What the page's own module answers, run by Node."""
    node = shutil.which("node")
    assert node, "Node is needed to run the page's script"
    program = (
        f"const m = await import({json.dumps(SCRIPT.as_uri())});"
        f"const argument = {json.dumps(argument)};"
        f"console.log(JSON.stringify({expression}))"
    )
    ran = subprocess.run([node, "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


@pytest.mark.parametrize("case", WITH_CELLS, ids=lambda case: case["name"])
def test_a_block_is_read_cell_by_cell(case: dict[str, Any]) -> None:
    cells = parse_block(case["clipboard"])
    assert cells == case["cells"]
    assert [len(cells), len(cells[0])] == case["shape"]


def test_the_script_reads_every_block_as_the_server_does() -> None:
    assert script("argument.map(m.parseBlock)", TEXTS) == [parse_block(text) for text in TEXTS]


def test_one_cell_fills_a_selection_and_a_block_that_does_not_fit_is_taken_once() -> None:
    assert script("m.fitted([['7']], 5, 1)", None) == [["7"]] * 5
    assert script("m.fitted([['1', '2']], 3, 2)", None) == [["1", "2"]] * 3
    assert script("m.fitted([['1'], ['2'], ['3']], 2, 1)", None) == [["1"], ["2"], ["3"]]


def test_a_block_with_a_row_or_column_of_names_is_told_from_plain_amounts() -> None:
    named = ["Service line\tAmount\r\nHousing\t10\r\n", "\tDover\tAshford\nhousing\t1\t2", "Housing\t1\nPolice\t2"]
    plain = ["1\t2\r\n3\t4", "£3.2m", "12k\t3e4", "NaN\n1", "n/a", "#N/A\t1\n2\t3", "1\n2\n3"]
    assert script("argument.map((text) => m.isNamed(m.parseBlock(text)))", named) == [True] * len(named)
    assert script("argument.map((text) => m.isNamed(m.parseBlock(text)))", plain) == [False] * len(plain)


def test_a_single_column_has_a_heading_only_where_it_names_a_body_or_a_line() -> None:
    amounts = ["nfp\n5", "tbc\n5", "5 thousand\n6 thousand", "5\ntbc"]
    known = "(text) => text.toLowerCase() === 'dover'"
    assert script(f"argument.map((text) => m.isNamed(m.parseBlock(text), {known}))", amounts) == [False] * len(amounts)
    assert script(f"m.isNamed(m.parseBlock(argument), {known})", "Dover\n5") is True


def test_a_whole_column_is_read_and_its_blank_rows_beyond_the_grid_are_left_out() -> None:
    assert script("m.withoutBlankEnd(m.parseBlock(argument + '\\n'.repeat(200000)), 3)", "5\n") == [["5"], [""], [""]]
    assert script("m.withoutBlankEnd([['1'], [''], ['2'], [' ']], 1)", None) == [["1"], [""], ["2"]]


def test_one_value_is_told_from_a_block() -> None:
    texts = ["7", "7\r\n", "7\n", "7\t8", "7\n8", "\n\n"]
    assert script("argument.map(m.isSingle)", texts) == [True, True, True, False, False, False]


def test_what_is_copied_is_plain_numbers_that_a_spreadsheet_reads() -> None:
    block = [["1,180,308,000", "−93.50"], ["", 'say "no"']]
    assert script("m.formatBlock(argument)", block) == '1180308000\t-93.50\r\n\t"say ""no"""'


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.text('ab1,"\t\r\n ', max_size=6), min_size=2, max_size=4), min_size=1, max_size=4))
def test_a_block_comes_back_as_it_was_written(rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    full = [row + [""] * (width - len(row)) for row in rows]
    assert parse_block(format_block(full)) == full


def test_a_paste_box_takes_commas_and_semicolons_where_there_are_no_tabs() -> None:
    assert parse_pasted('line,Dover\nhousing,"1,234"\n') == [["line", "Dover"], ["housing", "1,234"]]
    assert parse_pasted("line;Dover\nhousing;1,234\n") == [["line", "Dover"], ["housing", "1,234"]]
