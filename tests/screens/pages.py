"""The pages there are, each with an example address and who looks at it. A test holds this list against the routes."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

ANONYMOUS, CONTRIBUTOR, LEAD = "anonymous", "kent-contributor", "kent-lead"
CENTRE, ADMINISTRATOR = "leadership-centre", "administrator"
ROLES = (ANONYMOUS, CONTRIBUTOR, LEAD, CENTRE, ADMINISTRATOR)
EVERYBODY = ROLES


@dataclass(frozen=True)
class Screen:
    """A page: the name of its route, an address with `{examples}` filled in, and the roles that look at it.

    `status` is what it should answer. Pages with charts are taken in the dark theme as well. Where `fills` is given,
    its fields are filled in and the form is sent: the answer is what is shown. A `template` is shown as it is, where
    nothing but a failure of ours would bring it.
    """

    route: str
    address: str
    roles: tuple[str, ...] = (ANONYMOUS,)
    has_charts: bool = False
    status: int = 200
    shows: str = ""
    """What tells it from another of the same route."""
    fills: Mapping[str, str] | None = None
    template: str = ""

    @property
    def name(self) -> str:
        return "-".join(filter(None, [self.route, self.shows]))


def _asked(address: str, **query: str) -> str:
    return f"{address}?{urlencode(query)}"


KENT = "/places/kent/"
SPEND = f"{KENT}spend/{{year}}/"
EMPTY, BEGUN = "empty", "begun"
"""Programmes without a place, and with one that has no count."""
# A body, a line and an amount that cannot be understood.
MISSPELT = "Service line;Dovver;Ashford\nCultral and related services;1;2\nwaste-management;3;about 4"
INVITED = {"email": "new.contributor@example.org", "agency": "Ashford"}
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
    Screen("swap-place", "/places/barnet/swap/", (CENTRE,)),
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
    Screen("upload-of-count", f"{SPEND}upload/{{checked}}/", (LEAD,), shows="checked"),
    Screen("upload-of-count", f"{SPEND}upload/{{refused}}/", (LEAD,), shows="refused"),
    Screen("grid-paste", f"{SPEND}grid/paste/", (LEAD,)),
    Screen("grid-paste", f"{SPEND}grid/paste/", (LEAD,), status=422, shows="refused", fills={"text": MISSPELT}),
    Screen("grid-take-back", f"{SPEND}grid/paste/back/?block={{block}}", (LEAD,)),
    Screen("grid-cell", f"{SPEND}grid/cell/?{{cell}}", (LEAD,)),
    Screen("spend-checks", f"{SPEND}checks/", (LEAD,)),
    Screen("count-history", f"{SPEND}history/", (LEAD,)),
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
    Screen("invite", "/accounts/people/invite/", (LEAD,), shows="link-to-pass-on", fills=INVITED),
    Screen("accept-invitation", "/accounts/invitations/{invitation}/"),
    Screen("accept-invitation", "/accounts/invitations/made-up/", status=410, shows="refused"),
    Screen("reset-password", "/accounts/reset/"),
    Screen("set-password", "/accounts/reset/{password}/"),
    Screen("new-token", "/accounts/tokens/new/", (LEAD,), shows="made", fills={"name": "monthly export"}),
    Screen("programmes", "/programmes/", (ADMINISTRATOR,)),
    Screen("new-programme", "/programmes/new/", (ADMINISTRATOR,)),
    Screen("new-year", "/programmes/total-place/years/new/", (ADMINISTRATOR,)),
    Screen("questions", "/questions/", (CENTRE,)),
    Screen("retire-place", f"{KENT}retire/", (CENTRE,)),
    Screen("retire-agency", "/agencies/E2234/retire/", (CENTRE,)),
    Screen("api-reference", "/api/docs/"),
    Screen("api-problems", "/api/docs/problems/"),
    *(
        # Django answers 200 where somebody signs in or changes a password and gives a wrong one.
        Screen(route, address, (role,), status=200 if "assword" in str(fills) else 422, shows="refused", fills=fills)
        for route, address, role, fills in (
            ("sign-in", "/accounts/sign-in/", ANONYMOUS, {"username": "somebody", "password": "not this"}),
            ("ask", f"{KENT}ask/", ANONYMOUS, {}),
            ("new-place", "/places/new/", CENTRE, {"name": "Kent", "members-0-agency": "Atlantis"}),
            ("new-agency", "/agencies/new/", CENTRE, {"name": "Ashford", "code": "E2231"}),
            ("new-line", f"{SPEND}lines/new/", LEAD, {"amount": "about 5m"}),
            ("upload", f"{SPEND}upload/", LEAD, {}),
            ("submit-count", f"{SPEND}submit/", LEAD, {}),
            ("new-measure", f"{KENT}quality/new/", LEAD, {"baseline": "many"}),
            ("change-password", "/accounts/password/", LEAD, {"old_password": "not this"}),
            ("new-programme", "/programmes/new/", ADMINISTRATOR, {"name": "Total Place"}),
        )
    ),
    *(
        Screen(route, address, shows=programme, has_charts=False)
        for programme in (EMPTY, BEGUN)
        for route, address in (
            ("programme", f"/?programme={programme}"),
            ("places", f"/places/?programme={programme}"),
            ("agencies", f"/agencies/?programme={programme}"),
            ("progress", f"/progress/?programme={programme}"),
            ("levers", f"/levers/?programme={programme}"),
            ("method", f"/method/?programme={programme}"),
            ("tour", f"/tour/?programme={programme}"),
            ("programme-report", f"/report/?programme={programme}"),
        )
    ),
    *(
        Screen(route, address, (ANONYMOUS, CENTRE), shows="no-count")
        for route, address in (
            ("place", "/places/new-town/"),
            ("savings", "/places/new-town/savings/"),
            ("reconciliation", "/places/new-town/reconciliation/"),
            ("quality", "/places/new-town/quality/"),
            ("place-progress", "/places/new-town/progress/"),
            ("report", "/places/new-town/report/"),
            ("spend", "/places/new-town/spend/2026-27/"),
        )
    ),
    Screen("places", _asked("/places/", q="Atlantis"), shows="nothing-fits"),
    Screen("progress", _asked("/progress/", q="Atlantis"), shows="nothing-fits"),
    Screen("not-found", "/places/kentt/", status=404),
    Screen("nothing-to-open", f"{KENT}bring-back/", (CENTRE,), status=405),
    Screen("not-understood", "/", status=400, template="400.html"),
    Screen("failed", "/", status=500, template="500.html"),
    Screen("not-allowed", f"{KENT}edit/", (LEAD,), status=403),
    Screen("sign-in-needed", f"{KENT}edit/", (ANONYMOUS,), status=403),
)
NO_ROUTES = {"not-found", "not-allowed", "sign-in-needed", "nothing-to-open", "not-understood", "failed"}
"""Pages that are an answer, not a route of their own."""

NO_PAGES = {
    **dict.fromkeys(
        ("sign-out", "revoke-token", "make-default", "bring-back-place", "bring-back-agency"),
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
    **dict.fromkeys(("grid-cells", "grid-present"), "a part of the grid’s page"),
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
        (
            "read-upload-again",
            "correct-upload",
            "undo-corrections",
            "read-upload-in-unit",
            "choose-in-upload",
            "write-upload",
            "apply-inputs",
            "record-input",
            "remove-input",
            "upload-inputs",
        ),
        "an act: what follows is another page",
    ),
    **dict.fromkeys(
        (
            "download-xlsx",
            "download-ods",
            "download-csv",
            "download-zip",
            "upload-problems",
            "upload-changes",
            "upload-marked",
        ),
        "a file",
    ),
    **dict.fromkeys(("start-year", "end-role"), "an act: what follows is another page"),
    "spend-of-place": "leads to the newest year’s page",
    "password-link": "an act: shows a link that works once",
}
"""Named routes that show no page of their own, with the reason."""
