// The list of cells that are not saved, above the grid: where each is, what is wrong, and what can be done about it.

import { isBad, isOf } from "./queue.js";
import { byId, counted } from "./states.js";

function button(words, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button-quiet";
  made.textContent = words;
  made.addEventListener("click", action);
  return made;
}

/** A choice above the grid in its own words. */
function chosenWords(name, value) {
  const options = document.querySelector(`#grid-choices [name="${name}"]`)?.options ?? [];
  return [...options].find((option) => option.value === value)?.text ?? value;
}

/** Which money the cells of a change are of. */
function sliceWords({ kind, spend_type: type, funder }) {
  const words = [chosenWords("kind", kind || "revenue")];
  if (type) words.push(chosenWords("spend_type", type));
  if (funder) words.push(`money from: ${chosenWords("funder", funder)}`);
  return words.join(", ");
}

export class Problems {
  #sheet;
  #open;

  /** `open(address)` shows another branch in place, with the cell that the address names. */
  constructor(sheet, open) {
    [this.#sheet, this.#open] = [sheet, open];
  }

  show() {
    const held = this.#sheet.queue.changes.filter(({ state }) => state === "held");
    const problems = held.flatMap((change) => change.cells.filter(isBad).map((cell) => ({ change, cell })));
    const waiting = held.flatMap(({ cells }) => cells).length - problems.length;
    byId("grid-problems").hidden = problems.length === 0;
    byId("grid-problems-list").replaceChildren(...problems.map((problem) => this.#line(problem)), ...this.#blocks(held));
    const rest = waiting ? `; ${counted(waiting, "other cell of the same block waits", "other cells of the same block wait")}` : "";
    byId("grid-problems-title").textContent = `${counted(problems.length, "cell is", "cells are")} not saved${rest}`;
  }

  #isShown({ slice }) {
    return isOf({ slice }, this.#sheet.table.slice);
  }

  #line({ change, cell }) {
    const { outcome } = cell;
    const isShown = this.#isShown(change);
    const item = document.createElement("li");
    item.dataset.state = outcome.state;
    const where = document.createElement("strong");
    where.textContent = isShown ? `${cell.label}.` : `${cell.label} (${sliceWords(change.slice)}).`;
    item.append(where, ` ${outcome.message} `);
    // Cells of other money are put right where that is shown.
    if (isShown) {
      item.id = `problem-${cell.key}`;
      item.append(...this.#answers(change, cell));
    }
    item.append(this.#link(change, cell));
    return item;
  }

  #answers(change, cell) {
    const { suggestion, theirs } = cell.outcome;
    const made = [];
    if (suggestion) made.push(button(`Use £${suggestion}`, () => this.use(change, cell, suggestion)));
    if (theirs) {
      const { who, when, shown } = theirs;
      made.push(`You typed ${cell.typed || "nothing"}; ${who} saved ${shown || "nothing"}${when ? `, ${when}` : ""}. `);
      made.push(button("Keep mine", () => this.keepMine(change, cell)), button("Take theirs", () => this.takeTheirs(change, cell)));
    }
    return made;
  }

  /** Leads to a cell, by way of its branch and its kind of money where others are shown. */
  #link(change, cell) {
    const { table } = this.#sheet;
    const isShown = this.#isShown(change);
    const link = document.createElement("a");
    link.href = `${this.#address(change, cell)}#c-${cell.key}`;
    link.textContent = isShown ? "Go to cell" : `Show ${sliceWords(change.slice)}`;
    link.addEventListener("click", (event) => {
      if (!isShown || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (table.input(cell.key)) table.focus(table.input(cell.key));
      else this.#open(link.href);
    });
    return link;
  }

  #address({ slice }, { service }) {
    const { view = "", across = "" } = this.#sheet.table.asked;
    const asked = Object.entries({ view, across, ...slice, branch: service ?? "", lines: "all" });
    return `?${new URLSearchParams(asked.filter(([, value]) => value))}`;
  }

  /** Takes what may have been meant; a cell whose branch is not open is sent from where it is kept. */
  use(change, cell, text) {
    if (this.#sheet.table.cells.has(cell.key)) {
      this.#sheet.change([{ key: cell.key, to: { text } }]);
      return;
    }
    cell.typed = text;
    this.#sheet.queue.release(change);
    this.#sheet.tell();
  }

  /** Sends what was typed once more, over what somebody else made of the cell. */
  keepMine(change, cell) {
    const { line, row_version: version } = cell.outcome.theirs;
    Object.assign(cell, { line, version });
    this.#sheet.queue.release(change);
    this.#sheet.tell();
    this.#goTo(cell);
  }

  takeTheirs(change, cell) {
    const { shown, line, row_version: version } = cell.outcome.theirs;
    change.cells = change.cells.filter((other) => other !== cell);
    this.#sheet.set(cell.key, { saved: shown, typed: null, line, version, state: "" });
    this.#sheet.queue.release(change);
    this.#sheet.tell();
    this.#goTo(cell);
  }

  #goTo({ key }) {
    this.#sheet.table.focus(this.#sheet.table.input(key));
  }

  #blocks() {
    return [];
  }
}
