// Puts another edition of a page's figures in the place of those shown, and leaves the reader where they were.

/** Where an element stands, in words that hold in the next edition too: in which part, and which of its kind. */
function placeOf(element) {
  const part = element.closest("[id]");
  const alike = [...part.querySelectorAll(element.localName)];
  return { part: part.id, kind: element.localName, index: alike.indexOf(element) };
}

function elementAt({ part, kind, index }) {
  const found = document.getElementById(part);
  return index < 0 ? found : found?.querySelectorAll(kind)[index];
}

/** What the reader has done to the page: where they are, what they chose, opened and scrolled. */
function readState(main) {
  const focused = document.activeElement;
  const inside = (selector) => [...main.querySelectorAll(selector)];
  return {
    scroll: [scrollX, scrollY],
    focus: main.contains(focused) ? placeOf(focused) : null,
    chosen: inside("input:checked").map(placeOf),
    opened: inside("details[open]").map(placeOf),
    scrolled: inside(".table-box").map((box) => [placeOf(box), box.scrollLeft]),
  };
}

function restoreState({ scroll, focus, chosen, opened, scrolled }) {
  const each = (places, change) => places.map(elementAt).forEach((element) => element && change(element));
  each(chosen, (input) => (input.checked = true));
  each(opened, (details) => (details.open = true));
  for (const [place, left] of scrolled) {
    const box = elementAt(place);
    if (box) box.scrollLeft = left;
  }
  if (focus) focusOn(elementAt(focus) ?? document.getElementById("main"));
  scrollTo(...scroll);
}

/** Gives the reader's keys to an element; a chart takes them before it is drawn. */
function focusOn(element) {
  if (element.dataset.chart) element.tabIndex = 0;
  element.focus({ preventScroll: true });
}

/**
 * Replaces the page's main part by that of a document just fetched. Whoever has drawn something there hears of
 * it first, by the event "figures", whose detail is the new part.
 */
export function swap(fetched) {
  const main = document.getElementById("main");
  const next = document.adoptNode(fetched.getElementById("main"));
  const state = readState(main);
  const said = main.querySelector(".messages");
  if (said && !next.querySelector(".messages")) next.prepend(said);
  document.dispatchEvent(new CustomEvent("figures", { detail: next }));
  main.replaceWith(next);
  document.title = fetched.title;
  restoreState(state);
}
