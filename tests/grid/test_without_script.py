"""The grid's form as a browser without script sends it, and the page of one cell."""

import re
from decimal import Decimal

from django.test import Client

from pilots.models import Agency, CellComment, History, Person, ServiceLine, SpendLine, Version
from tests.grid.conftest import line_of

ADDRESS = "/places/kent/spend/2010-11/"


def fields(page: Client, query: str = "") -> dict[str, str]:
    """Everything that the form of a grid sends, as it was shown."""
    html = page.get(f"{ADDRESS}{query}").content.decode()
    form = html[html.index('id="grid-form"') :]
    return dict(re.findall(r'<input [^>]*name="([^"]+)" value="([^"]*)"', form[: form.index("</form>")]))


def test_a_form_sent_as_it_was_shown_changes_nothing(page: Client, working: Version) -> None:
    before = History.objects.count()
    assert page.post(ADDRESS, fields(page)).status_code == 302
    assert History.objects.count() == before


def test_a_form_saves_the_cells_that_were_changed(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    sent = fields(page)
    waste = ServiceLine.objects.get(code="waste-management")
    sent[f"cell-{dover.pk}-{cultural.pk}"] = "1,234.5"
    sent[f"cell-{dover.pk}-{waste.pk}"] = "7"
    answer = page.post(ADDRESS, sent, follow=True)
    assert "Two changes saved." in answer.content.decode()
    assert line_of(working, dover, cultural).amount == Decimal("1234.50")
    assert line_of(working, dover, waste).amount == 7


def test_a_bad_cell_stays_as_typed_is_named_above_and_keeps_all_from_being_saved(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    ashford = Agency.objects.get(name="Ashford")
    before = line_of(working, ashford, cultural).amount
    sent = fields(page)
    sent[f"cell-{dover.pk}-{cultural.pk}"] = "3e6"
    sent[f"cell-{ashford.pk}-{cultural.pk}"] = "8"
    answer = page.post(ADDRESS, sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#c-{dover.pk}-{cultural.pk}"' in html
    assert re.search(rf'id="c-{dover.pk}-{cultural.pk}"[^>]*value="3e6"[^>]*aria-invalid="true"', html)
    assert re.search(rf'id="c-{ashford.pk}-{cultural.pk}"[^>]*value="8"', html)
    assert line_of(working, ashford, cultural).amount == before


def test_what_somebody_else_changed_meanwhile_is_left_to_them(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    ashford = Agency.objects.get(name="Ashford")
    sent = fields(page)
    SpendLine.objects.filter(pk=line_of(working, dover, cultural).pk).update(amount=77)
    sent[f"cell-{ashford.pk}-{cultural.pk}"] = "8"
    assert page.post(ADDRESS, sent).status_code == 302
    assert line_of(working, dover, cultural).amount == 77
    assert line_of(working, ashford, cultural).amount == 8


def test_both_changing_a_cell_is_asked_about_and_sending_again_keeps_mine(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    sent = fields(page)
    SpendLine.objects.filter(pk=line_of(working, dover, cultural).pk).update(amount=77)
    name = f"cell-{dover.pk}-{cultural.pk}"
    sent[name] = "8"
    html = page.post(ADDRESS, sent).content.decode()
    assert "now £77.00" in html
    assert line_of(working, dover, cultural).amount == 77
    working.refresh_from_db()
    assert page.post(ADDRESS, {**sent, "revision": working.revision}).status_code == 302
    assert line_of(working, dover, cultural).amount == 8


def cell_address(dover: Agency, cultural: ServiceLine) -> str:
    return f"{ADDRESS}grid/cell/?agency={dover.pk}&service_line={cultural.pk}"


def test_a_cell_says_what_it_rests_on_and_who_changed_it_when(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    line = line_of(working, dover, cultural)
    described = {"act": "describe", "line": line.pk, "row_version": line.row_version}
    values = {"basis": "estimate", "spend_type": "unspecified", "source": "Ledger", "note": "Agreed in May"}
    assert page.post(cell_address(dover, cultural), {**described, **values}).status_code == 302
    html = page.get(cell_address(dover, cultural)).content.decode()
    assert "what it rests on: Estimate; source: Ledger; note: Agreed in May</strong> Lead Example" in html
    assert "£2,633,000.00</strong> as the working version began" in html
    stale = page.post(cell_address(dover, cultural), {**described, **values, "note": "Other"})
    assert stale.status_code == 422
    assert "Somebody changed this line meanwhile" in stale.content.decode()


def test_comments_stay_with_the_cell_when_its_line_goes(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    address = cell_address(dover, cultural)
    assert page.post(address, {"act": "comment", "text": "Is this gross?\nPlease check."}).status_code == 302
    assert page.post(address, {"act": "comment", "text": "  "}).status_code == 422
    line_of(working, dover, cultural).delete()
    html = page.get(address).content.decode()
    assert "Is this gross?<br>Please check." in html
    assert "None recorded." in html
    assert "Removed, was £2,633,000.00" in html
    assert History.objects.filter(table_name="pilots_cellcomment", row_id=CellComment.objects.get().pk).exists()


def test_a_contributor_reads_no_cell_of_another_body(
    client: Client, working: Version, contributor: Person, cultural: ServiceLine
) -> None:
    client.force_login(contributor)
    assert client.get(cell_address(Agency.objects.get(name="Ashford"), cultural)).status_code == 403
    for what in ("agency=x&service_line=1", "agency=²&service_line=1", "agency=1&service_line=²", ""):
        assert client.get(f"{ADDRESS}grid/cell/?{what}").status_code == 404


def test_numbers_in_raised_digits_are_no_ids(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    described = {"act": "describe", "line": "²", "row_version": "²", "note": "x"}
    assert page.post(cell_address(dover, cultural), described).status_code == 422
    assert page.post(ADDRESS, {"revision": "²", "cell-²-1": "5"}).status_code == 302


def test_each_line_of_the_list_leads_to_what_was_said_of_it(
    page: Client, working: Version, centre: Person, dover: Agency, cultural: ServiceLine
) -> None:
    SpendLine.objects.filter(pk=line_of(working, dover, cultural).pk).update(is_capital=True)
    line = line_of(working, dover, cultural)
    address = f"{cell_address(dover, cultural)}&kind=capital".replace("&", "&amp;")
    form = page.get(f"{ADDRESS}lines/{line.pk}/").content.decode()
    assert f'href="{address}">Comments and history' in form
    page.force_login(centre)
    html = page.get(f"{ADDRESS}?view=lines&body={dover.code}").content.decode()
    assert f'href="{address}">Comments and history' in html
    assert html.count("grid/cell/") == SpendLine.objects.filter(version=working, agency=dover).count()
    assert "grid/cell/" not in page.get(f"{ADDRESS}?version=published").content.decode()
    there = page.get(address.replace("&amp;", "&")).content.decode()
    assert f"£{line.amount:,.2f}" in there


def test_keys_are_spoken_of_where_a_script_hears_them(page: Client, working: Version) -> None:
    html = page.get(ADDRESS).content.decode()
    assert re.search(r'<p class="quiet needs-script">[^<]*F6', html)
    assert re.search(r'<noscript><p class="quiet">Comments on a cell[^<]*<a href="\?view=lines">', html)
