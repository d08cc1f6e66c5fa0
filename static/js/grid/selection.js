// The block of cells that is selected: from the cell that has the focus to the one that Shift led to.

export class Selection {
  #table;
  #anchor = null;
  #end = null;

  constructor(table) {
    this.#table = table;
  }

  /** Begins anew at one cell. */
  start(input) {
    this.#anchor = this.#end = input;
    this.#mark();
  }

  extend(input) {
    this.#anchor ??= input;
    this.#end = input;
    this.#mark();
  }

  all() {
    this.#anchor = this.#table.at(0, 0);
    this.#end = this.#table.rows.at(-1)?.at(-1);
    this.#mark();
  }

  get end() {
    return this.#end;
  }

  get isBlock() {
    return this.#anchor !== this.#end;
  }

  /** The selected inputs, row by row. */
  rows() {
    if (!this.#anchor?.isConnected || !this.#end?.isConnected) return [];
    const [from, to] = [this.#table.place(this.#anchor), this.#table.place(this.#end)];
    const [top, bottom] = [from[0], to[0]].sort((a, b) => a - b);
    const [left, right] = [from[1], to[1]].sort((a, b) => a - b);
    return this.#table.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  #mark() {
    for (const box of this.#table.part.querySelectorAll(".is-selected")) box.classList.remove("is-selected");
    if (!this.isBlock) return;
    for (const input of this.rows().flat()) input.parentElement.classList.add("is-selected");
  }
}
