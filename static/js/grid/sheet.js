// The grid as a spreadsheet: what typing, keys and the clipboard do to cells, and how each change is saved.

import { Actions } from "./actions.js";
import { fitted, formatBlock, isNamed, parseBlock, withoutBlankEnd } from "./clipboard.js";
import { Problems } from "./problems.js";
import { Queue, isBad, isOf } from "./queue.js";
import { Selection } from "./selection.js";
import { say, showRefusal, showStatus } from "./states.js";

export class Sheet {
  /** "no", "typing" (arrows leave the cell) or "within" (they move the caret). */
  editing = "no";
  /** What was last done besides saving, for the line about saving; until something else is changed. */
  notice = "";
  // Who waits for a cell to be saved.
  #awaited = [];

  constructor(table, { store, send, pasteNamed, changed, comment, open }) {
    this.table = table;
    this.selection = new Selection(table);
    this.actions = new Actions();
    this.pasteNamed = pasteNamed;
    this.changed = changed;
    this.comment = comment;
    this.problems = new Problems(this, open);
    this.queue = new Queue(store, send, (...said) => this.#heard(...said));
    addEventListener("storage", () => this.#followOtherTab());
    this.#restoreUnsent();
  }

  get input() {
    const active = document.activeElement;
    return active?.id.startsWith("c-") && this.table.part.contains(active) ? active : null;
  }

  // Moving and selecting

  move(down, right) {
    const from = this.input;
    this.commit(from);
    this.table.focus(this.table.away(from, down, right));
  }

  extend(down, right) {
    this.commit(this.input);
    const to = this.table.away(this.selection.end ?? this.input, down, right);
    this.selection.extend(to);
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
    say(`${this.selection.rows().flat().length} cells selected`);
  }

  selectAll() {
    this.selection.all();
    say(`${this.selection.rows().flat().length} cells selected`);
  }

  toggleWithin() {
    const input = this.input;
    if (input.readOnly) return;
    this.editing = this.editing === "within" ? "typing" : "within";
    if (this.editing === "within") input.setSelectionRange(input.value.length, input.value.length);
  }

  restore() {
    const input = this.input;
    input.value = this.table.text(this.table.cell(input));
    this.editing = "no";
    this.selection.start(input);
    input.select();
  }

  // Changing cells

  /** Takes what stands in an input as typed, if it is something new. */
  commit(input) {
    this.editing = "no";
    if (!input || input.readOnly) return;
    const cell = this.table.cell(input);
    if (input.value !== this.table.text(cell)) this.change([{ key: cell.key, to: { text: input.value } }]);
  }

  clear() {
    this.#changeInputs(this.selection.rows().flat(), () => "");
  }

  /** The topmost selected row into those below it; with one row selected, the one above into it. */
  fillDown() {
    const rows = this.selection.rows();
    const from = rows.length > 1 ? rows[0] : rows[0].map((input) => this.table.away(input, -1, 0));
    const below = rows.length > 1 ? rows.slice(1) : rows;
    const texts = from.map((input) => this.table.text(this.table.cell(input)));
    this.#changeInputs(below.flat(), (_, index) => texts[index % texts.length]);
  }

  #changeInputs(inputs, textOf) {
    const edits = inputs.map((input, index) => ({ input, text: textOf(input, index) }));
    const fixed = edits.filter(({ input }) => input.readOnly);
    if (fixed.length > 0) {
      const cells = fixed.slice(0, 3).map(({ input }) => this.table.cell(input).label);
      showRefusal(`${fixed.length} of the cells cannot be changed: ${cells.join("; ")}${fixed.length > 3 ? " …" : ""}.`);
      return;
    }
    this.change(edits.map(({ input, text }) => ({ key: this.table.cell(input).key, to: { text } })));
  }

  /** One action of somebody's: changes of cells that are saved together and taken back together. */
  change(edits) {
    const step = [];
    for (const { key, to } of edits) {
      const cell = this.table.cells.get(key);
      const before = this.table.text(cell);
      if (before !== to.text) step.push({ key, before: { text: before, line: cell.line }, after: { text: to.text, line: null } });
    }
    if (step.length === 0) return;
    this.actions.add(step);
    this.#write(step.map(({ key, after }) => ({ key, to: after })));
  }

  undo() {
    this.#again(this.actions.undo(), "Taken back");
  }

  redo() {
    this.#again(this.actions.redo(), "Done again");
  }

  #again(edits, words) {
    if (!edits) {
      say("There is nothing more to take back or do again.");
      return;
    }
    // A line that a step removed comes back with what it rested on.
    for (const { key, from } of edits) if (from.text !== "") from.line ??= this.table.cells.get(key).line;
    this.#write(edits);
    this.#sayAgain(words, edits);
    this.table.focus(this.table.input(edits[0].key));
    this.tell();
  }

  /** What of a step nobody sees, in a branch that is not open, stands in the line about saving too. */
  #sayAgain(words, edits) {
    const unseen = edits.filter(({ key }) => !this.table.input(key)).map(({ key }) => this.table.cells.get(key).label);
    say(`${words}: ${edits.length === 1 ? "one cell" : `${edits.length} cells`}.`);
    if (unseen.length === 0) return;
    const which = unseen.length === 1 ? unseen[0] : `${unseen[0]} and ${unseen.length - 1} more`;
    this.notice = `${words} in a branch that is not open: ${which}.`;
  }

  /** Types texts into cells and sends them. Cells of a change that was refused stay in it. */
  #write(edits) {
    this.notice = "";
    const fresh = [];
    const touched = new Set();
    for (const { key, to } of edits) {
      const cell = this.table.cells.get(key);
      const held = this.queue.holding(key, this.table.slice);
      cell.typed = to.text;
      if (held) {
        touched.add(held);
        this.#amend(held, cell);
      } else {
        const { label, service, line, version } = cell;
        fresh.push({ key, label, service, typed: to.text, line, version, restores: to.line });
      }
      if (cell.typed === null) cell.state = "";
      this.table.show(cell);
    }
    for (const held of touched) this.queue.release(held);
    if (fresh.length > 0) this.queue.add(this.table.slice, fresh);
    this.tell();
  }

  #amend(held, cell) {
    if (cell.typed === cell.saved) {
      held.cells = held.cells.filter(({ key }) => key !== cell.key);
      cell.typed = null;
    } else held.cells.find(({ key }) => key === cell.key).typed = cell.typed;
  }

  // The clipboard

  copy() {
    const rows = this.selection.rows();
    say(`${rows.flat().length === 1 ? "One cell" : `${rows.flat().length} cells`} copied.`);
    return formatBlock(rows.map((row) => row.map((input) => this.table.text(this.table.cell(input)))));
  }

  paste(text) {
    if (text === "") return;
    if (this.editing !== "no") this.restore();
    const selected = this.selection.rows();
    const [top, left] = this.table.place(selected[0][0]);
    const block = withoutBlankEnd(parseBlock(text), this.table.rows.length - top);
    if (isNamed(block, (word) => this.table.isKnown(word))) {
      this.pasteNamed(text, this.table.bodyOf(selected[0][0]));
      return;
    }
    const rows = fitted(block, selected.length, selected[0].length);
    const missing = rows.length - (this.table.rows.length - top);
    const beyond = rows[0].length - (this.table.rows[0].length - left);
    if (missing > 0 || beyond > 0) {
      const [many, high] = [missing, rows.length].map((count) => count.toLocaleString("en-GB"));
      const much = [missing > 0 && `${many} too many rows`, beyond > 0 && `${beyond} too many columns`].filter(Boolean);
      showRefusal(`The block is ${high} by ${rows[0].length} cells and does not fit below and to the right of this cell: it has ${much.join(" and ")}. To paste over several branches use “Paste a block”.`);
      return;
    }
    const inputs = rows.flatMap((row, down) => row.map((_, right) => this.table.at(top + down, left + right)));
    this.#changeInputs(inputs, (_, index) => rows[Math.floor(index / rows[0].length)][index % rows[0].length].trim());
    this.selection.start(inputs[0]);
    this.selection.extend(inputs.at(-1));
  }

  // What became of changes

  #heard(change, outcomes, answer) {
    if (answer?.totals) this.table.total(answer.totals);
    if (isOf(change, this.table.slice)) {
      if (outcomes === null) this.#mark(change);
      else this.#settle(change, outcomes);
    }
    this.tell();
  }

  /** A change that is on its way, or that has to wait for the connection. */
  #mark(change) {
    const state = this.queue.stopped ? "waiting" : "saving";
    for (const { key } of change.cells) this.set(key, { state });
  }

  #settle(change, outcomes) {
    if (outcomes.every(({ state }) => state === "saved")) {
      outcomes.forEach((outcome, index) => this.#saved(outcome, change.cells[index]));
      this.#saySaved(change, outcomes);
    } else if (change.state === "held" && change.cells.length > 0) {
      for (const { key, outcome } of change.cells) this.set(key, { state: outcome.state });
      this.#sayRefused(change.cells.filter(isBad));
    }
    this.changed(outcomes.map(({ key }) => key));
  }

  #saySaved({ cells }, outcomes) {
    const notice = outcomes.map(({ message }) => message).find(Boolean) ?? "";
    if (notice) this.notice = cells.length === 1 ? `${cells[0].label}: ${notice}` : notice;
    say(cells.length === 1 ? `${cells[0].label}: saved. ${notice}` : `${cells.length} cells saved. ${notice}`);
  }

  #sayRefused(bad) {
    const [{ label, outcome }] = bad;
    say(bad.length === 1 ? `${label}: not saved. ${outcome.message}` : `${bad.length} cells are refused. Nothing was saved.`);
  }

  #saved({ key, shown, line, row_version: version }, sent) {
    const cell = this.table.cells.get(key);
    if (!cell) return;
    Object.assign(cell, { saved: shown, line, version });
    if (cell.typed !== sent.typed) return;
    Object.assign(cell, { typed: null, state: "saved" });
    this.#showUnlessTyping(cell);
  }

  set(key, values) {
    const cell = this.table.cells.get(key);
    if (!cell) return;
    Object.assign(cell, values);
    this.#showUnlessTyping(cell);
  }

  /** A cell that somebody is typing into at this moment is left to them. */
  #showUnlessTyping(cell) {
    const input = this.table.input(cell.key);
    if (input && input === this.input && this.editing !== "no") {
      input.parentElement.dataset.state = cell.state;
      return;
    }
    const isFocused = input && input === this.input;
    this.table.show(cell);
    if (isFocused) input.select();
  }

  tell() {
    this.queue.keep();
    showStatus(this.queue, this.notice);
    this.problems.show();
    this.onActions?.(this.actions);
    for (const { key, resolve } of this.#awaited) if (!this.#isOnItsWay(key)) resolve();
    this.#awaited = this.#awaited.filter(({ key }) => this.#isOnItsWay(key));
  }

  #isOnItsWay(key) {
    return this.queue.isOnItsWay(key, this.table.slice);
  }

  /** Resolves once nothing of a cell is on its way to the server; null where nothing is. */
  settled(key) {
    if (!this.#isOnItsWay(key)) return null;
    return new Promise((resolve) => this.#awaited.push({ key, resolve }));
  }

  // Drawing anew

  /** The server drew another branch: what is typed and not saved is shown over it. */
  redrawn() {
    this.table.adopt();
    this.#overlay();
  }

  #restoreUnsent() {
    if (this.queue.restore().length === 0) return;
    this.#overlay();
    this.queue.pump();
  }

  /** What is mended in another tab is no problem here any more. */
  #followOtherTab() {
    const done = this.queue.letGoOfDone();
    for (const change of done.filter((other) => isOf(other, this.table.slice))) {
      for (const { key } of change.cells) this.set(key, { typed: null, state: "" });
    }
    // Telling keeps, and what is kept is heard in the other tab: only something new is told.
    if (done.length > 0) this.tell();
  }

  #overlay() {
    for (const change of this.queue.changes.filter((other) => isOf(other, this.table.slice))) {
      for (const { key, typed, outcome } of change.cells) {
        const state = change.state === "held" ? (outcome?.state ?? "held") : change.state;
        this.set(key, { typed, state });
      }
    }
    this.tell();
  }
}
