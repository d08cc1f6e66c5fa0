// What a page of figures needs a script for: its print button, and finding out when awaited figures are there.

const FIRST = 2_000;
const SLOWER = 1.4;
const LONGEST = 30_000;
const TRIES = 20;

const { awaits } = document.querySelector("script[data-awaits]").dataset;
const plain = (etag) => etag?.replace(/^W\//, "");

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

/** Asks for the page's own headers, and loads it again once they name other figures than those shown. */
async function look() {
  if (document.hidden) return;
  const { headers, ok } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
  if (ok && headers.has("ETag") && plain(headers.get("ETag")) !== plain(awaits)) location.reload();
}

/** Looks now and then, ever more seldom, and gives up in the end: "Look again" does the same by hand. */
function wait(tries, pause) {
  if (tries === 0) return;
  setTimeout(() => {
    look()
      .catch(() => {})
      .finally(() => wait(tries - 1, Math.min(pause * SLOWER, LONGEST)));
  }, pause);
}

if (awaits) wait(TRIES, FIRST);
