// A file that the worker is checking or writing: says how far it is, and shows the page anew when that is over.

const FIRST = 700;
const SLOWER = 1.25;
const LONGEST = 8_000;

/** The same page as it is now; nothing where the server cannot be reached. */
async function fetchPage() {
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    return null;
  }
}

function keepLooking(pause) {
  setTimeout(async () => {
    const page = document.hidden ? null : await fetchPage();
    if (page && !page.getElementById("waiting")) return location.reload();
    const words = page?.getElementById("progress").textContent;
    const progress = document.getElementById("progress");
    if (words && words !== progress.textContent) progress.textContent = words;
    keepLooking(Math.min(pause * SLOWER, LONGEST));
  }, pause);
}

keepLooking(FIRST);
