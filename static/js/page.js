// What a page of figures needs a script for: its print button, showing another part, case or year of itself where
// the reader is, and staying true. The page asks now and then for its own headers; once they name other figures than
// those shown it shows these, and says so, without a reload.

import { swap } from "./swap.js";

const AWAITED = { first: 1_000, slower: 1.3, longest: 15_000 };
const EDITED = 3_000;
const PUBLISHED = 30_000;

const script = document.querySelector("script[data-awaits]");
const status = document.getElementById("status");
const plain = (etag) => etag?.replace(/^W\//, "");
const isEdited = new URLSearchParams(location.search).get("version") === "working";

let { awaits, etag } = script.dataset;
let shown = location.pathname + location.search;
let pause = AWAITED.first;
let timer;

function showButtons(part) {
  for (const button of part.querySelectorAll("[data-print]")) button.hidden = false;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
});

/** Whether the page would be another one now. */
async function isOutOfDate() {
  const { headers, ok } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
  return ok && headers.has("ETag") && plain(headers.get("ETag")) !== plain(etag);
}

/** A page of figures as a document; undefined where it is another kind of page or cannot be read. */
async function fetchPage(address) {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok || response.redirected) return undefined;
  const fetched = new DOMParser().parseFromString(await response.text(), "text/html");
  return fetched.querySelector("script[data-awaits]") ? fetched : undefined;
}

function show(fetched) {
  ({ awaits, etag } = fetched.querySelector("script[data-awaits]").dataset);
  showButtons(fetched);
  swap(fetched);
}

/** Fetches the page again and shows it; says what has come of the figures. */
async function renew() {
  const address = shown;
  const fetched = await fetchPage(address);
  if (!fetched || address !== shown) return;
  const waited = Boolean(awaits);
  show(fetched);
  if (!awaits) announce(`New figures. ${document.querySelector("h1").innerText}`);
  else if (!waited) announce("What these figures are made from has changed: they are being recomputed.");
  pause = AWAITED.first;
}

/** Shows the page as another address has it, with what the reader pressed where it was on the screen. */
async function turnTo(address, figure, isNew = true) {
  const asked = new URL(address, location.href);
  shown = asked.pathname + asked.search;
  const fetched = await fetchPage(asked).catch(() => undefined);
  if (shown !== asked.pathname + asked.search) return;
  if (!fetched) return location.assign(asked);
  if (isNew) history.pushState(null, "", asked.pathname + asked.search);
  const top = figure?.getBoundingClientRect().top;
  show(fetched);
  const now = figure && document.getElementById(figure.id);
  if (now) scrollBy(0, now.getBoundingClientRect().top - top);
  announce(document.querySelector(".part-words")?.innerText ?? document.querySelector("h1").innerText);
  keepLooking();
}

/** The part of the page that something stands in. */
const figureOf = (element) => element.closest(".figure[id], .part[id]");

/** Whether an address is this page asked another way, not a file. */
function isThisPage({ origin, pathname, search, searchParams }) {
  const isSame = origin === location.origin && pathname === location.pathname;
  return isSame && search !== location.search && !searchParams.has("file");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#main a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.hasAttribute("download") || !isThisPage(new URL(link.href))) return;
  event.preventDefault();
  turnTo(link.href, figureOf(link));
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".part-form")) return;
  event.preventDefault();
  const asked = [...new FormData(event.target)].filter(([, value]) => value);
  turnTo(`?${new URLSearchParams(asked)}`, event.target.closest(".part"));
});

// A bar or a flow that is pressed chooses what it stands for; pressed again it lets go.
document.addEventListener("part", ({ detail: { box, part } }) => {
  const { searchParams } = new URL(location.href);
  const isChosen = Object.entries(part).every(([name, code]) => searchParams.get(name) === code);
  for (const [name, code] of Object.entries(part)) isChosen ? searchParams.delete(name) : searchParams.set(name, code);
  searchParams.delete("open");
  turnTo(`${location.pathname}?${searchParams}`, figureOf(box));
});

addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) turnTo(location.href, undefined, false);
});

function announce(words) {
  status.textContent = words;
}

function nextPause() {
  if (!awaits) return isEdited ? EDITED : PUBLISHED;
  const now = pause;
  pause = Math.min(pause * AWAITED.slower, AWAITED.longest);
  return now;
}

/** Looks again after a while, more and more seldom while figures are awaited; not while nobody sees the page. */
function keepLooking() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, nextPause());
}

async function look() {
  try {
    if (await isOutOfDate()) await renew();
  } catch {
    // The server cannot be reached: the figures stay, and the next look may find it.
  }
  keepLooking();
}

showButtons(document);
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
keepLooking();
