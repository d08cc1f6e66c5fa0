"""What all lists share: pages, CSV with the same rows, and links."""

import json

import pytest

LISTS = [
    "places/",
    "places/kent/spend/",
    "places/kent/spend/?service_line=social-protection",
    "places/kent/savings/",
    "places/kent/sharing/",
    "places/kent/maps/",
    "progress/",
    "spend/?kind=pilot",
    "savings/?kind=pilot&lever=shared-back-office",
    "levers/",
    "agencies/?place=kent",
    "service-lines/",
]


def as_csv(value) -> str:
    """How a value of JSON stands in CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


@pytest.mark.parametrize("address", LISTS)
def test_json_and_csv_have_the_same_rows(anybody, address):
    both = "&" if "?" in address else "?"
    rows = anybody.get(address).rows
    written = anybody.get(f"{address}{both}format=csv")
    assert rows
    assert written.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert written.csv_rows == [{name: as_csv(value) for name, value in row.items()} for row in rows]
    assert anybody.get(address, accept="text/csv").body == written.body


@pytest.mark.parametrize("address", LISTS)
def test_pages_put_together_are_the_whole_list(anybody, address):
    both = "&" if "?" in address else "?"
    whole = anybody.get(address)
    size = max(1, len(whole.rows) // 3)
    page = anybody.get(f"{address}{both}page_size={size}")
    gathered, pages = page.rows, 1
    while following := page.data["next"]:
        assert f'<{following}>; rel="next"' in page.headers["Link"]
        page = anybody.get(following.split("/api/v1/")[1])
        gathered, pages = gathered + page.rows, pages + 1
    assert pages >= min(3, len(whole.rows))
    assert gathered == whole.rows
    assert page.data["count"] == len(whole.rows)


def test_a_page_beyond_the_last_says_which_is_the_last(anybody):
    answer = anybody.get("places/?page_size=50&page=3")
    assert answer.status == 404
    assert answer.detail == "There is no page 3; the last of this list is 2."


def test_text_that_a_spreadsheet_would_run_is_only_text_in_csv(lead):
    new = {"year": "2010-11", "agency": "E2221", "service_line": "police", "amount": "-12.50"}
    lead.post("places/kent/spend/", {**new, "note": "=1+1"})
    rows = lead.get("places/kent/spend/?version=working&service_line=police&format=csv").csv_rows
    [row] = [row for row in rows if row["note"]]
    assert (row["note"], row["amount"]) == ("'=1+1", "-12.50")


def test_what_is_large_streams_and_a_page_of_it_does_not(anybody):
    assert anybody.get("spend/?format=csv").response.streaming
    assert anybody.get("spend/").response.streaming
    assert not anybody.get("spend/?page=1").response.streaming
