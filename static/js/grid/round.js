// F6 goes round the parts of the page as in a spreadsheet: the grid, the panel beside it, what stands above. A grid of a
// thousand cells would take a thousand tabs to leave.

/** The parts in order: each an element and what receives the focus in it. */
export class Round {
  #parts;

  constructor(parts) {
    this.#parts = parts;
    for (const { element } of parts) element.addEventListener("keydown", (event) => this.#pressed(event));
  }

  #pressed(event) {
    if (event.key !== "F6" || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#parts.findIndex(({ element }) => element.contains(event.target));
    const step = event.shiftKey ? this.#parts.length - 1 : 1;
    const to = this.#parts[(at + step) % this.#parts.length].focus();
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
}
