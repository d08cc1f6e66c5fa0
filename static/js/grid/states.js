// What the page says of cells: the line about saving, refusals of a whole action, and announcements.

export const byId = (id) => document.getElementById(id);

export function say(words) {
  byId("grid-said").textContent = words;
}

export function counted(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

/** The plain line that says how the changes stand, and what there is to notice of the last. */
export function showStatus(queue, notice) {
  const line = byId("grid-status");
  if (!line) return;
  const [state, standing] = statusOf(queue);
  const words = notice ? `${standing}. ${notice}` : standing;
  line.hidden = false;
  if (line.textContent !== words) line.textContent = words;
  line.dataset.state = state;
}

function statusOf({ changes, stopped }) {
  const unsent = changes.filter(({ state }) => state !== "held");
  const cells = unsent.reduce((sum, change) => sum + change.cells.length, 0);
  if (stopped === "connection") {
    return ["waiting", `Not saved yet: ${counted(cells, "change", "changes")}, waiting for the connection`];
  }
  if (stopped) return ["refused", `Not saved: ${counted(cells, "change", "changes")}. ${stopped}`];
  if (cells > 0) return ["saving", `Saving ${counted(cells, "change", "changes")}`];
  const held = changes.reduce((sum, change) => sum + change.cells.length, 0);
  if (held > 0) return ["refused", `${counted(held, "cell is", "cells are")} not saved: see above the grid`];
  return ["saved", "All changes are saved"];
}

/** A refusal of a whole action, such as a block that does not fit: nothing was typed anywhere. */
export function showRefusal(words) {
  const box = byId("grid-problems");
  box.hidden = false;
  byId("grid-problems-title").textContent = "Nothing was pasted";
  const item = document.createElement("li");
  item.dataset.state = "refused";
  item.textContent = words;
  byId("grid-problems-list").replaceChildren(item);
  say(`Nothing was pasted. ${words}`);
}
