// What a page of figures needs a script for: its print button, and staying true. The page asks now and then for
// its own headers; once they name other figures than those shown it shows these, and says so, without a reload.

import { swap } from "./swap.js";

const AWAITED = { first: 1_000, slower: 1.3, longest: 15_000 };
const EDITED = 3_000;
const PUBLISHED = 30_000;

const script = document.querySelector("script[data-awaits]");
const status = document.getElementById("status");
const plain = (etag) => etag?.replace(/^W\//, "");
const isEdited = new URLSearchParams(location.search).get("version") === "working";

let { awaits, etag } = script.dataset;
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

/** Fetches the page again and shows it; says what has come of the figures. */
async function renew() {
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok || response.redirected) return;
  const fetched = new DOMParser().parseFromString(await response.text(), "text/html");
  const newer = fetched.querySelector("script[data-awaits]");
  if (!newer) return;
  const waited = Boolean(awaits);
  ({ awaits, etag } = newer.dataset);
  showButtons(fetched);
  swap(fetched);
  if (!awaits) announce(`New figures. ${document.querySelector("h1").innerText}`);
  else if (!waited) announce("What these figures are made from has changed: they are being recomputed.");
  pause = AWAITED.first;
}

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
