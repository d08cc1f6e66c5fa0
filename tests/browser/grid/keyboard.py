"""Somebody who uses a browser by keyboard alone, and what axe-core says of the pages that they meet."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT

PASSWORD = "seven quiet herons"
# Every rule of WCAG 2.2 at A and AA, the ones that axe-core leaves out by default too, and its best practices.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
CHECK = """async (tags) => {
    const {violations} = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
    const where = (found) => found.nodes.slice(0, 5).map((node) => node.target.join(" ")).join("; ");
    return violations.map((found) => `${found.id}: ${where(found)}`);
}"""
# More stops than a page has outside a grid: whoever needs more is lost.
MOST_STOPS = 150


class AtKeyboard:
    """A person before a browser without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, target: Locator, key: str = "Tab") -> None:
        """Presses Tab until the element has the focus; fails where that takes too many stops."""
        expect(target).to_be_attached()
        for _ in range(MOST_STOPS):
            self.press(key)
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{target} is not reached by keyboard within {MOST_STOPS} stops.")

    def follow(self, target: Locator) -> None:
        """Goes to a link or a button and presses Enter on it."""
        self.tab_to(target)
        self.press("Enter")

    def type_into(self, target: Locator, text: str) -> None:
        """Goes to a field and types over what it holds."""
        self.tab_to(target)
        self.press("Control+a")
        self.type(text) if text else self.press("Delete")

    def sign_in(self, username: str, address: str) -> None:
        self.page.goto(f"/accounts/sign-in/?next={address}")
        self.type_into(self.page.get_by_label("User name"), username)
        self.type_into(self.page.get_by_label("Password"), PASSWORD)
        self.press("Enter")
        self.page.wait_for_url(lambda url: urlsplit(url).path == address)

    def check_access(self) -> None:
        """Nothing on this page breaks a rule of access."""
        self.page.evaluate(AXE)
        found: Any = self.page.evaluate(CHECK, TAGS)
        assert found == [], self.page.url
