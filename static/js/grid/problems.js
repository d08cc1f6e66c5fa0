// The list of cells that are not saved, above the grid: where each is, what is wrong, and what can be done about it.

import { isBad, isOf } from "./queue.js";
import { button, byId, counted } from "./states.js";

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
    const cells = held.flatMap((change) => change.cells);
    const problems = cells.filter(isBad);
    const waiting = cells.length - problems.length;
    byId("grid-problems").hidden = problems.length === 0;
    byId("grid-problems-list").replaceChildren(...held.flatMap((change) => this.#lines(change)));
    const rest = waiting ? `; ${counted(waiting, "other cell of the same block waits", "other cells of the same block wait")}` : "";
    byId("grid-problems-title").textContent = `${counted(problems.length, "cell is", "cells are")} not saved${rest}`;
  }

  #isShown({ slice }) {
    return isOf({ slice }, this.#sheet.table.slice);
  }

  #lines(change) {
    const lines = change.cells.filter(isBad).map((cell) => this.#line(change, cell));
    return change.cells.length > 1 && this.#isShown(change) ? [...lines, this.#block(change)] : lines;
  }

  #line(change, cell) {
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
    } else made.push(button(this.#putBackWords(cell), () => this.putBack(change, [cell])));
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
    this.#sheet.set(cell.key, { saved: shown, line, version });
    this.putBack(change, [cell]);
  }

  /** Lets go of what was typed: the cells hold again what is saved. */
  putBack(change, cells) {
    for (const { key } of cells) this.#sheet.set(key, { typed: null, state: "" });
    change.cells = change.cells.filter((cell) => !cells.includes(cell));
    this.#sheet.queue.release(change);
    this.#sheet.tell();
    this.#goTo(cells[0]);
  }

  /** Names what is saved of a cell, as far as the page knows it. */
  #putBackWords({ key }) {
    const cell = this.#sheet.table.cells.get(key);
    if (!cell) return "Put back what is saved";
    return cell.saved ? `Put back ${cell.saved}` : "Leave it blank";
  }

  /** Leads back into the grid: to the cell, or where its branch is not open to the list that it stood in. */
  #goTo({ key }) {
    const { table } = this.#sheet;
    if (table.input(key)) table.focus(table.input(key));
    else if (!byId("grid-problems").hidden) byId("grid-problems").focus();
    else table.focus(table.at(0, 0));
  }

  /** A block that waits for its bad cells can be let go of as a whole. */
  #block(change) {
    const item = document.createElement("li");
    item.append(button(`Discard these ${change.cells.length} cells`, () => this.putBack(change, change.cells)));
    return item;
  }
}
