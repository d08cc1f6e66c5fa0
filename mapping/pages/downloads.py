"""The downloads of a page: the same figures as files, and the call of the API that gives them.

Each is (words, address). Prices, year, case and version are those of the page.
"""

from urllib.parse import urlencode

Downloads = list[tuple[str, str]]


def programme_downloads(programme: str, year: str, scenario: str, kind: str) -> Downloads:
    """The savings and the spend of a programme, and its summary. `programme` is empty for the default one."""
    chosen = {"kind": kind} if kind != "all" else {}
    report = {"scenario": scenario, "kind": kind}
    return [
        ("Report", _page("/report/", programme, year, **report)),
        ("Workbook", _page("/report.xlsx", programme, year, **report)),
        ("Savings (CSV)", _address("savings", programme, year, scenario=scenario, format="csv", **chosen)),
        ("Spend (CSV)", _address("spend", programme, year, format="csv", **chosen)),
        ("API call", _address("summary", programme, year, scenario=scenario, **chosen)),
    ]


def place_downloads(slug: str, year: str, scenario: str, version: str) -> Downloads:
    """The savings and the spend of a place, and its summary."""
    of_version = {"version": version} if version != "published" else {}
    report = {"scenario": scenario, **of_version}
    return [
        ("Report", _page(f"/places/{slug}/report/", "", year, **report)),
        ("Workbook", _page(f"/places/{slug}/report.xlsx", "", year, **report)),
        ("Savings (CSV)", _address(f"places/{slug}/savings", "", year, scenario=scenario, format="csv", **of_version)),
        ("Spend (CSV)", _address(f"places/{slug}/spend", "", year, format="csv", **of_version)),
        ("API call", _address(f"places/{slug}/summary", "", year, scenario=scenario, **of_version)),
    ]


def reconciliation_downloads(slug: str, year: str, version: str) -> Downloads:
    """The spend lines of a place, and its summary."""
    of_version = {"version": version} if version != "published" else {}
    return [
        ("Spend (CSV)", _address(f"places/{slug}/spend", "", year, format="csv", **of_version)),
        ("API call", _address(f"places/{slug}/summary", "", year, **of_version)),
    ]


def _address(what: str, programme: str, year: str, **asked: str) -> str:
    return _page(f"/api/v1/{what}/", programme, year, **asked)


def _page(path: str, programme: str, year: str, **asked: str) -> str:
    query = {"programme": programme, "year": year, **asked}
    return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"


def calls_of_place(slug: str, year: str, scenario: str, version: str) -> dict[str, str]:
    """The call of the API that gives a figure's numbers, by the figure's id."""
    of_version = {"version": version} if version != "published" else {}

    def call(what: str, **asked: str) -> str:
        return _address(f"places/{slug}/{what}", "", year, **asked, **of_version)

    spend, summary = call("spend"), call("summary", scenario=scenario)
    sharing = call("sharing", scenario=scenario)
    cells = call("savings", scenario=scenario)
    return {
        **dict.fromkeys(("spend", "flows"), spend),
        **dict.fromkeys(("ways", "years", "cases", "footing", "levers", "bodies"), summary),
        **dict.fromkeys(("pairs", "matrix", "network"), sharing),
        **dict.fromkeys(("bridge", "who-does-what", "pools"), cells),
        "alike": _address("summary", "", year, scenario=scenario),
    }


def calls_of_programme(programme: str, year: str, scenario: str, kind: str) -> dict[str, str]:
    """The same of the programme's figures."""
    chosen = {"kind": kind} if kind != "all" else {}
    figures = ("ways", "years", "ranking", "footing", "map")
    return dict.fromkeys(figures, _address("summary", programme, year, scenario=scenario, **chosen))
