"""Uploading in a real browser, by keyboard: sent, corrected, settled and written, with and without script."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from pilots.models import Agency, Person, SpendLine, Upload, Version
from pilots.spend.files.template import COLUMNS, write_workbook
from pilots.spend.files.uploads import process_upload
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line
from tests.browser.conftest import Visit
from tests.people_of_kent import contributor_for, lead_of
from tests.spend.kent import count_of_kent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UPLOAD = "/places/kent/spend/2010-11/upload/"


@pytest.fixture
def version(live_server: Any) -> Version:
    return open_working_version(count_of_kent())


@pytest.fixture
def lead(version: Version) -> Person:
    return lead_of("kent")


@pytest.fixture
def open_as(live_server: Any, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    """Opens the page of uploads as somebody."""

    def open_page(person: Person, path: str = UPLOAD, **options: Any) -> Visit:
        opened = visit(f"{live_server.url}/accounts/sign-in/", **options)
        client = Client()
        client.force_login(person)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        opened.page.context.add_cookies([cookie])  # type: ignore[list-item]
        opened.page.goto(f"{live_server.url}{path}")
        return opened

    return open_page


def press(page: Page, words: str) -> None:
    """A button or link, reached by Tab and pressed with Enter."""
    target = page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first
    target.focus()
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    """Tab until an element has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def send(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    press(page, "Upload and check")


def let_the_worker_work(page: Page, scripts: bool = True) -> None:
    """The page waits for the worker, which does its part; the page finds out by itself, or is asked to look again."""
    expect(page.locator("#waiting")).to_be_visible()
    process_upload(Upload.objects.latest("pk"))
    if not scripts:
        press(page, "Look again")
    expect(page.locator("#waiting")).to_have_count(0, timeout=20_000)


def lines_of(version: Version) -> list[SpendLine]:
    """Two lines of two bodies that are not passed on."""
    lines = SpendLine.objects.filter(version=version, is_transfer=False, is_capital=False).select_related("agency")
    first = lines.order_by("agency__code", "id").first()
    assert first is not None
    second = lines.exclude(agency=first.agency).order_by("agency__code", "id").first()
    assert second is not None
    return [first, second]


def copy_with(workbook: bytes, version: Version, **amounts: int) -> bytes:
    """A filled copy of a workbook: the amounts of lines by their place in `lines_of`."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    keys = ("agency", "service_line", "spend_type", "is_transfer")
    for name, amount in amounts.items():
        line = lines_of(version)[int(name[1:])]
        wanted = [line.agency.code, line.service_line.code, line.spend_type.code, "no"]
        for row in book["Spend"].iter_rows(min_row=2):
            if [row[COLUMNS.index(key)].value for key in keys] == wanted:
                row[COLUMNS.index("amount")].value = amount
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def clean(opened: Visit, width: int) -> None:
    assert [*opened.violations(), *opened.complaints, *opened.accessibility()] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
def test_a_file_is_sent_corrected_and_written_by_keyboard(
    open_as: Callable[..., Visit], version: Version, lead: Person, width: int, theme: str
) -> None:
    line = lines_of(version)[0]
    opened = open_as(lead, width=width, theme=theme)
    page = opened.page
    clean(opened, width)
    content = f"who,service_line,spend_type,quids\n{line.agency.code},{line.service_line.code},"
    content += f"{line.spend_type.code},about a million\n"
    send(page, "count.csv", content.encode())
    expect(page.locator("#waiting")).to_be_visible()
    clean(opened, width)
    let_the_worker_work(page)
    expect(page.get_by_role("heading", name="Nothing was written")).to_be_visible()
    clean(opened, width)
    for field, letter in [("agency", "A: who"), ("amount", "D: quids")]:
        tab_to(page, f"[name=column_{field}]")
        page.keyboard.type(letter)
    press(page, "Check it again")
    let_the_worker_work(page)
    amount = page.get_by_role("textbox", name="Row 2, column D, quids")
    expect(amount).to_have_value("about a million")
    expect(amount).to_have_accessible_description(re.compile("is not an amount. Write pounds"))
    clean(opened, width)
    tab_to(page, "[name=cell-2-D]")
    page.keyboard.type(f"{line.amount + 1:,}")
    page.keyboard.press("Enter")
    let_the_worker_work(page)
    expect(page.get_by_text("One cell of the file was corrected on this page.")).to_be_visible()
    expect(page.get_by_role("heading", name="What it would change")).to_be_visible()
    clean(opened, width)
    tab_to(page, ".upload-write button")
    page.keyboard.press("Enter")
    let_the_worker_work(page)
    expect(page.get_by_text("Written: no lines added, one line changed")).to_be_visible()
    clean(opened, width)
    page.get_by_role("link", name="See the spend").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/spend/2010-11/")
    page.wait_for_load_state("networkidle")
    assert SpendLine.objects.get(pk=line.pk).amount == line.amount + 1


@pytest.mark.parametrize("scripts", [True, False])
def test_two_agencies_fill_two_copies_and_one_conflict_is_settled(
    open_as: Callable[..., Visit], version: Version, lead: Person, scripts: bool
) -> None:
    first, second = lines_of(version)
    file = io.BytesIO()
    version.refresh_from_db()
    write_workbook(version, file)
    workbook = file.getvalue()
    for line, amounts in [(first, {"_0": 1001}), (second, {"_1": 2001})]:
        body = contributor_for(Agency.objects.get(pk=line.agency_id).code, "kent")
        page = open_as(body, scripts=scripts).page
        send(page, "copy.xlsx", copy_with(workbook, version, **amounts))
        let_the_worker_work(page, scripts)
        expect(page.get_by_role("heading", name="What it would change")).to_be_visible()
        press(page, "Write it")
        let_the_worker_work(page, scripts)
        expect(page.get_by_text("Written:")).to_be_visible()
    assert [SpendLine.objects.get(pk=line.pk).amount for line in (first, second)] == [1001, 2001]

    now = SpendLine.objects.get(pk=second.pk)
    change_line(version, now.pk, {"amount": "2222"}, now.row_version, lead, "page")
    opened = open_as(lead, width=390, scripts=scripts)
    page = opened.page
    send(page, "late.xlsx", copy_with(workbook, version, _1=3333))
    let_the_worker_work(page, scripts)
    shown = page.locator(".conflict").inner_text()
    assert "£3,333.00" in shown
    assert "£2,222.00 here, by Lead Of Kent" in shown
    if scripts:
        clean(opened, 390)
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    press(page, "Show what these choices change")
    let_the_worker_work(page, scripts)
    press(page, "Write it")
    let_the_worker_work(page, scripts)
    expect(page.get_by_text("Written: no lines added, one line changed")).to_be_visible()
    assert SpendLine.objects.get(pk=second.pk).amount == 3333
