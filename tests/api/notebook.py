"""The programme page's numbers, rebuilt from the API with nothing but requests and pandas.

    python tests/api/notebook.py http://127.0.0.1:8000

Prints the numbers as JSON. A test runs it against a real server and holds them against the page.
"""

import io
import json
import sys
from decimal import Decimal

import pandas
import requests

API = f"{sys.argv[1]}/api/v1/"
YEAR = "2010-11"


def read(path: str, **query: str) -> pandas.DataFrame:
    """A list of the API as a table, every cell as the text that it is, so that no penny is rounded."""
    answer = requests.get(API + path, params={**query, "format": "csv"}, timeout=120)
    answer.raise_for_status()
    return pandas.read_csv(io.BytesIO(answer.content), dtype=str, keep_default_na=False)


def pounds(column: pandas.Series) -> Decimal:
    return sum(column.map(Decimal), Decimal(0))


places = read("places/")
spend = read("spend/", year=YEAR)
savings = read("savings/", year=YEAR, scenario="central")
levers = read("levers/").set_index("code")["name"]

# Capital and what is passed on to another body are lines, too, and are in no total.
revenue = spend[(spend.is_capital == "false") & (spend.is_transfer == "false")]

names = places.set_index("slug")["name"]
by_place = savings.groupby("place").saving.apply(pounds).sort_values(ascending=False)
by_lever = savings.groupby("lever").saving.apply(pounds).sort_values(ascending=False)

json.dump(
    {
        "places": int(revenue.place.nunique()),
        "spend_total": str(pounds(revenue.amount)),
        "full_year": str(pounds(savings.saving)),
        "joined": str(pounds(savings.joined)),
        "by_place": {names[slug]: str(saving) for slug, saving in by_place.items()},
        "by_lever": {levers[code]: str(saving) for code, saving in by_lever.items()},
    },
    sys.stdout,
)
