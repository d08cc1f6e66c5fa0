"""The pages there are, each with an example address and who looks at it. A test holds this list against the routes."""

from dataclasses import dataclass
from urllib.parse import urlencode

ANONYMOUS, CONTRIBUTOR, LEAD = "anonymous", "kent-contributor", "kent-lead"
CENTRE, ADMINISTRATOR = "leadership-centre", "administrator"
ROLES = (ANONYMOUS, CONTRIBUTOR, LEAD, CENTRE, ADMINISTRATOR)
EVERYBODY = ROLES


@dataclass(frozen=True)
class Screen:
    """A page: the name of its route, an address with `{examples}` filled in, and the roles that look at it.

    `status` is what it should answer. Pages with charts are taken in the dark theme as well.
    """

    route: str
    address: str
    roles: tuple[str, ...] = (ANONYMOUS,)
    has_charts: bool = False
    status: int = 200
    shows: str = ""
    """What tells it from another of the same route."""

    @property
    def name(self) -> str:
        return "-".join(filter(None, [self.route, self.shows]))


def _asked(address: str, **query: str) -> str:
    return f"{address}?{urlencode(query)}"


KENT = "/places/kent/"
SPEND = f"{KENT}spend/{{year}}/"
SCREENS = (
    Screen("programme", "/", EVERYBODY, has_charts=True),
    Screen("programme", _asked("/", kind="all", scenario="high"), has_charts=True, shows="all-places-high"),
    Screen("place", KENT, EVERYBODY, has_charts=True),
    Screen("place", _asked(KENT, show="saving", open="social-protection"), has_charts=True, shows="heat-map-open"),
    Screen("place", _asked(KENT, version="working"), (LEAD,), has_charts=True, shows="working-version"),
    Screen("place", "/places/birmingham/", has_charts=True, shows="one-council"),
    Screen("savings", f"{KENT}savings/", has_charts=True),
    Screen("reconciliation", f"{KENT}reconciliation/"),
    Screen("report", f"{KENT}report/"),
    Screen("programme-report", "/report/"),
    Screen("levers", "/levers/"),
    Screen("method", "/method/"),
    Screen("places", "/places/", (ANONYMOUS, CENTRE)),
    Screen("new-place", "/places/new/", (CENTRE,)),
    Screen("edit-place", f"{KENT}edit/", (CENTRE,)),
    Screen("swap-place", f"{KENT}swap/", (CENTRE,)),
    Screen("place-history", f"{KENT}history/", (CENTRE,)),
    Screen("agencies", "/agencies/", (ANONYMOUS, CENTRE)),
    Screen("new-agency", "/agencies/new/", (CENTRE,)),
    Screen("agency", "/agencies/{agency}/", (ANONYMOUS, CENTRE)),
    Screen("edit-agency", "/agencies/{agency}/edit/", (CENTRE,)),
    Screen("spend", SPEND, EVERYBODY),
    Screen("spend", _asked(SPEND, view="lines"), (LEAD,), shows="lines"),
    Screen("new-line", f"{SPEND}lines/new/", (LEAD,)),
    Screen("edit-line", f"{SPEND}lines/{{line}}/", (LEAD,)),
    Screen("upload", f"{SPEND}upload/", (LEAD,)),
    Screen("spend-checks", f"{SPEND}checks/", (LEAD,)),
    Screen("apportion", f"{SPEND}apportion/", (LEAD,)),
    Screen("apportionment-inputs", "/programmes/total-place/inputs/", (ANONYMOUS, CENTRE)),
    Screen("tour", "/tour/", has_charts=True),
    Screen("submit-count", f"{SPEND}submit/", (LEAD,)),
    Screen("review-queue", "/review/", (CENTRE,)),
    Screen("review", "/review/{submitted}/{year}/", (CENTRE,)),
    Screen("progress", "/progress/", (ANONYMOUS, CENTRE)),
    Screen("place-progress", f"{KENT}progress/", (ANONYMOUS, LEAD, CENTRE)),
    Screen("ask", f"{KENT}ask/", (ANONYMOUS,)),
    Screen("quality", f"{KENT}quality/", (ANONYMOUS, LEAD)),
    Screen("new-measure", f"{KENT}quality/new/", (LEAD,)),
    Screen("edit-measure", f"{KENT}quality/{{measure}}/", (LEAD,)),
    Screen("hand-over", f"{KENT}hand-over/", (CENTRE,)),
    Screen("account", "/accounts/", (LEAD, CENTRE, ADMINISTRATOR)),
    Screen("sign-in", "/accounts/sign-in/"),
    Screen("change-password", "/accounts/password/", (LEAD,)),
    Screen("new-token", "/accounts/tokens/new/", (LEAD,)),
    Screen("people", "/accounts/people/", (LEAD, ADMINISTRATOR)),
    Screen("invite", "/accounts/people/invite/", (LEAD, ADMINISTRATOR)),
    Screen("accept-invitation", "/accounts/invitations/{invitation}/"),
    Screen("accept-invitation", "/accounts/invitations/made-up/", status=410, shows="refused"),
    Screen("reset-password", "/accounts/reset/"),
    Screen("programmes", "/programmes/", (ADMINISTRATOR,)),
    Screen("new-programme", "/programmes/new/", (ADMINISTRATOR,)),
    Screen("api-reference", "/api/docs/"),
    Screen("api-problems", "/api/docs/problems/"),
    Screen("not-found", "/places/kentt/", status=404),
    Screen("not-allowed", f"{KENT}edit/", (LEAD,), status=403),
    Screen("sign-in-needed", f"{KENT}edit/", (ANONYMOUS,), status=403),
)
NO_ROUTES = {"not-found", "not-allowed", "sign-in-needed"}
"""Pages that are an answer, not a route of their own."""

NO_PAGES = {
    **dict.fromkeys(
        ("sign-out", "revoke-token", "make-default", "bring-back-place", "bring-back-agency", "retire-agency"),
        "an act: what follows is another page",
    ),
    **dict.fromkeys(
        (
            "publish",
            "review-decide",
            "answer-warning",
            "add-update",
            "set-milestones",
            "judge-place",
            "answer-question",
        ),
        "an act: what follows is another page",
    ),
    **dict.fromkeys(
        (
            "remove-line",
            "remove-measure",
            "new-reading",
            "remove-reading",
            "close-account",
            "reopen-account",
            "withdraw-invitation",
        ),
        "an act: what follows is another page",
    ),
    **dict.fromkeys(("grid-cells", "grid-cell", "grid-paste"), "a part of the grid’s page"),
    **dict.fromkeys(
        (
            "review-changes",
            "report-file",
            "programme-report-file",
            "report-sheet",
            "programme-report-sheet",
            "api-schema",
        ),
        "a file",
    ),
    **dict.fromkeys(
        ("read-upload-again", "choose-in-upload", "write-upload", "apply-inputs", "record-input", "upload-inputs"),
        "an act: what follows is another page",
    ),
    **dict.fromkeys(
        ("download-xlsx", "download-ods", "download-csv", "download-zip", "upload-problems", "upload-marked"), "a file"
    ),
    "upload-of-count": "follows an upload: not pictured yet",
    **dict.fromkeys(("start-year", "retire-place"), "an act: what follows is another page"),
    "spend-of-place": "leads to the newest year’s page",
    "password-link": "an act: shows a link that works once",
    "set-password": "looks like accept-invitation",
}
"""Named routes that show no page of their own, with the reason."""
