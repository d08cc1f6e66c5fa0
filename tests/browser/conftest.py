"""A real Chromium for the tests that need one, and a small server for pages made without a database."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from django.conf import settings
from django.db import connections
from django.utils.csp import build_policy
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "static" / "dist"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MOST_MOVED = 0.05
OPTIONS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
)


def chromium() -> str | None:
    """The browser to drive: CHROMIUM names one, else one that is installed, else Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session. Without any the tests say so; where CI is set that is a failure."""
    # Playwright keeps an event loop in this thread. Beside one Django would refuse its database, and has
    # connections of its own: those from before would stay open and keep the database from being copied.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    leave_database()
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=chromium(), args=list(OPTIONS))
        except Error as error:
            words = f"No Chromium could be started, so no page was looked at in a browser: {error}"
            if os.environ.get("CI"):
                pytest.fail(words)
            pytest.skip(words)
        yield started
        started.close()
        leave_database()


def leave_database() -> None:
    """Closes every connection that this thread has now."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL


@dataclass
class Visit:
    """A page that was opened, with what the browser complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What the content security policy refused."""
        return self.page.evaluate("window.refused")

    def moved(self) -> float:
        """How much has moved by itself so far: the layout shift, on Lighthouse's scale."""
        return self.page.evaluate("window.moved")

    def sideways(self) -> int:
        """By how many pixels the page scrolls sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def oddities(self) -> list[str]:
        """All that no page may do, in words: complain, be refused something, move by itself, scroll sideways."""
        odd = [*self.complaints, *(f"refused: {words}" for words in self.violations())]
        if (moved := self.moved()) > MOST_MOVED:
            odd.append(f"moved by {moved:.3f}")
        if sideways := self.sideways():
            odd.append(f"scrolls sideways by {sideways} px")
        return odd

    def scroll_down(self) -> None:
        """Brings every part of the page near the screen once, so that every chart is drawn."""
        self.page.evaluate(
            """async () => {
                for (let y = 0; y < document.body.scrollHeight; y += 400) {
                    scrollTo(0, y);
                    await new Promise((done) => setTimeout(done, 30));
                    // However busy the machine is, the page is looked at there.
                    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                }
                scrollTo(0, 0);
            }"""
        )

    def draw_charts(self) -> int:
        """Waits until every chart is drawn, and says how many there are."""
        self.scroll_down()
        count = self.page.locator("[data-chart]").count()
        self.page.wait_for_function(
            "count => document.querySelectorAll('.figure.is-drawn').length === count", arg=count
        )
        return count

    def accessibility(self) -> list[str]:
        """What axe-core finds wrong, in words."""
        axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        # Run by the debugger, so the page's policy does not see it.
        self.page.evaluate(axe)
        return self.page.evaluate(
            """async () => {
                const {violations} = await axe.run(document, {resultTypes: ["violations"]});
                const where = (found) => found.nodes.map((node) => node.target.join(" ")).join("; ");
                return violations.map((found) => `${found.id}: ${where(found)}`);
            }"""
        )


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens an address: `visit(url, width=390, scripts=False, theme="dark")`."""
    contexts = []

    def open_page(url: str, width: int = 1280, scripts: bool = True, theme: Any = "light") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, color_scheme=theme
        )
        contexts.append(context)
        context.add_init_script(
            """window.refused = [];
            window.moved = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
                if (!entry.hadRecentInput) window.moved += entry.value;
            })).observe({type: "layout-shift", buffered: true});
            addEventListener("securitypolicyviolation", (event) =>
                window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`));"""
        )
        opened = Visit(context.new_page())
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on(
            "console",
            lambda message: opened.complaints.append(message.text) if message.type == "error" else None,
        )
        opened.page.goto(url)
        return opened

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def served(settings: Any) -> Iterator[Callable[[dict[str, str]], str]]:
    """Serves pages from memory, by path, under the product's own security policy, with its built files."""
    if not (DIST / "totalplace.css").is_file():
        pytest.fail("static/dist is not built: run npm ci and npm run build")
    servers = []

    def serve(pages: dict[str, str]) -> str:
        handler = type("Handler", (MemoryHandler,), {"pages": pages})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


class MemoryHandler(BaseHTTPRequestHandler):
    """Answers with pages from memory and files from static/dist."""

    pages: dict[str, str] = {}

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            self.answer_file(DIST / path.removeprefix("/static/"))
        elif path in self.pages:
            self.answer(self.pages[path].encode(), "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def answer_file(self, file: Path) -> None:
        if file.is_file():
            self.answer(file.read_bytes(), guess_type(file.name)[0] or "application/octet-stream")
        else:
            self.send_error(404)

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", build_policy(cast(dict[str, list[str]], settings.SECURE_CSP)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet: the tests say what went wrong."""
