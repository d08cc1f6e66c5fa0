"""python -m tests.screens FOLDER [ROLE...]: starts the product, takes a picture of every page, writes an index."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, TimeoutError, expect, sync_playwright

from tests.browser.conftest import OPTIONS, chromium
from tests.embedded.product import Product
from tests.embedded.test_product import free_port
from tests.screens.opening import open_screen
from tests.screens.pages import ANONYMOUS, ROLES, SCREENS, Screen

WIDTHS = (1280, 390)
PATIENCE = 15_000


@dataclass(frozen=True)
class Taken:
    """A picture: of which page, as whom, how wide and in which theme, and what was odd."""

    screen: Screen
    role: str
    width: int
    theme: str
    file: str
    odd: tuple[str, ...] = ()


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".local/screenshots").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    product = Product(Path(os.environ["TOTALPLACE_HOME"]) / "home", free_port())
    product.home.mkdir()
    print("Starting the product on a home of its own ...", flush=True)
    try:
        product.start(patience=600)
        examples = _examples(product)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*OPTIONS, "--lang=en-GB"])
            taken = list(_pictures(browser, product, examples, folder))
            browser.close()
    finally:
        product.stop()
    (folder / "index.html").write_text(index(taken), encoding="utf-8")
    odd = [one for one in taken if one.odd]
    for one in odd:
        print(f"{one.file}: {'; '.join(one.odd)}")
    print(f"{len(taken)} pictures, {len(odd)} of them with something odd: {folder / 'index.html'}")
    return 0


def _examples(product: Product) -> dict[str, str]:
    """Makes the examples in the product's own database."""
    os.environ |= {"TOTALPLACE_HOME": str(product.home), "DJANGO_SETTINGS_MODULE": "totalplace.settings"}
    import django

    django.setup()
    from django.db import connection

    from tests.screens.examples import make_examples

    examples = make_examples()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL
    return examples


def _pictures(browser: Browser, product: Product, examples: dict[str, str], folder: Path) -> Iterator[Taken]:
    base = f"http://127.0.0.1:{product.port}"
    sign_ins = {one["username"]: one["password"] for one in json.loads((product.home / "sign-ins.json").read_text())}
    for role in sys.argv[2:] or ROLES:
        state = _signed_in(browser, base, role, sign_ins)
        screens = [screen for screen in SCREENS if role in screen.roles]
        for width in WIDTHS:
            for theme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=theme, storage_state=state
                )
                for screen in screens:
                    if theme == "light" or screen.has_charts:
                        yield _taken(context, base, screen, role, width, theme, examples, folder)
                context.close()
        print(f"{role}: {len(screens)} pages", flush=True)


def _signed_in(browser: Browser, base: str, role: str, sign_ins: dict[str, str]) -> Any:
    """The cookies of somebody who is signed in."""
    context = browser.new_context()
    page = context.new_page()
    if role != ANONYMOUS:
        page.goto(f"{base}/accounts/sign-in/")
        page.fill("input[name=username]", role)
        page.fill("input[name=password]", sign_ins[role])
        page.locator("main button[type=submit], main .govuk-button").first.click()
        page.wait_for_url(lambda url: "sign-in" not in url)
    state = context.storage_state()
    context.close()
    return state


def _taken(
    context: BrowserContext,
    base: str,
    screen: Screen,
    role: str,
    width: int,
    theme: str,
    examples: dict[str, str],
    folder: Path,
) -> Taken:
    page, odd = context.new_page(), []
    page.on("pageerror", lambda error: odd.append(f"error: {error}"))
    page.on("console", lambda message: odd.append(f"console: {message.text}") if message.type == "error" else None)
    status = open_screen(page, base, screen, examples)
    if status != screen.status:
        odd.append(f"answers {status}, not {screen.status}")
    elif status != 200:
        # The browser complains of every answer that is not well; here it is meant.
        odd = [words for words in odd if "Failed to load resource" not in words]
    odd += _settle(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        odd.append(f"scrolls sideways by {wide} px")
    file = "-".join(filter(None, [screen.name, role, str(width), "dark" if theme == "dark" else ""])) + ".png"
    try:
        page.screenshot(path=folder / file, full_page=True)
    except TimeoutError:
        odd.append("no picture could be taken in time")
    page.close()
    return Taken(screen, role, width, theme, file, tuple(dict.fromkeys(odd)))


def _settle(page: Page) -> list[str]:
    """Draws what is on the page; what made that impossible, in words. A page that got new figures is drawn anew."""
    for _ in range(3):
        try:
            _draw(page)
        except (TimeoutError, AssertionError):
            return ["a chart was not drawn"]
        except Error:
            page.wait_for_load_state()
        else:
            return []
    return ["the page never came to rest"]


def _draw(page: Page) -> None:
    """Brings every chart near the screen once and waits until it is drawn."""
    page.evaluate(
        """async () => {
            for (let y = 0; y < document.body.scrollHeight; y += 500) {
                scrollTo(0, y);
                await new Promise((done) => setTimeout(done, 25));
            }
            scrollTo(0, 0);
        }"""
    )
    # Asked from outside: the page's own policy would refuse a script that waits inside it.
    expect(page.locator(".figure:not(.is-drawn) [data-chart]")).to_have_count(0, timeout=PATIENCE)


def index(taken: list[Taken]) -> str:
    """All pictures on one page, by route, each with what was odd."""
    parts = [
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Every page</title>',
        "<style>body{font:16px/1.4 sans-serif;margin:24px}section{border-top:2px solid;margin-top:32px}",
        "div{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}figure{margin:0}",
        "img{border:1px solid #999;display:block}",
        "img.w1280{width:560px}img.w390{width:200px}.odd{color:#b3151f}</style>",
        f"<h1>Every page: {len(taken)} pictures</h1>",
    ]
    for name in dict.fromkeys(one.screen.name for one in taken):
        own = [one for one in taken if one.screen.name == name]
        parts.append(f"<section><h2>{escape(name)}</h2><p><code>{escape(own[0].screen.address)}</code></p><div>")
        for one in own:
            words = f"{one.role}, {one.width} px{', dark' if one.theme == 'dark' else ''}"
            odd = f'<span class="odd">{escape("; ".join(one.odd))}</span>' if one.odd else ""
            picture = f'<a href="{one.file}"><img class="w{one.width}" src="{one.file}" loading="lazy" alt=""></a>'
            parts.append(f"<figure>{picture}<figcaption>{escape(words)} {odd}</figcaption></figure>")
        parts.append("</div></section>")
    return "\n".join([*parts, "</html>"])


if __name__ == "__main__":
    sys.exit(main())
