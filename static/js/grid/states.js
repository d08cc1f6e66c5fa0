// What the page says of cells: the line about saving, refusals of a whole action, and announcements.

import { signInLink } from "./session.js";

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
  if (line.dataset.words !== words) line.replaceChildren(words, ...waysOn(queue));
  line.dataset.words = words;
  line.hidden = false;
  line.dataset.state = state;
}

function statusOf({ changes, stopped }) {
  const unsent = changes.filter(({ state }) => state !== "held");
  const cells = unsent.reduce((sum, change) => sum + change.cells.length, 0);
  if (stopped === "connection") {
    return ["waiting", `Not saved yet: ${counted(cells, "change", "changes")}, waiting for the connection`];
  }
  if (stopped === "sign-in") {
    return ["refused", `Not saved: ${counted(cells, "change", "changes")}. You are signed out. What you typed is kept in this browser.`];
  }
  if (stopped) return ["refused", `Not saved: ${counted(cells, "change", "changes")}. ${stopped}`];
  if (cells > 0) return ["saving", `Saving ${counted(cells, "change", "changes")}`];
  const held = changes.reduce((sum, change) => sum + change.cells.length, 0);
  if (held > 0) return ["refused", `${counted(held, "cell is", "cells are")} not saved: see above the grid`];
  return ["saved", "All changes are saved"];
}

/** What can be done where sending stopped for a reason that does not go away by itself. */
function waysOn(queue) {
  if (!queue.stopped || queue.stopped === "connection") return [];
  const again = button("Try again", () => queue.resume());
  const link = queue.stopped === "sign-in" ? [signInLink(byId("grid").dataset.signIn), " "] : [];
  return [" ", ...link, again];
}

export function button(words, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button-quiet";
  made.textContent = words;
  made.addEventListener("click", action);
  return made;
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
