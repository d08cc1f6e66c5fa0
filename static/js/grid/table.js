// The table of inputs: which there are, where they stand, and moving between them.

/** A cell as the page knows it: what is saved, what is typed, and how that stands. Its names are read when asked for. */
class Cell {
  typed = null;
  state = "";
  #names;

  constructor(input, names) {
    const { line, version, why } = input.dataset;
    this.key = input.id.slice(2);
    this.saved = input.defaultValue;
    this.line = line ? Number(line) : null;
    this.version = version ? Number(version) : null;
    this.why = why;
    const { marks } = input.parentElement.dataset;
    this.marks = marks ? marks.split(" ") : [];
    this.#names = names;
  }

  get label() {
    return this.#names(this.key).map(({ name }) => name).join(", ");
  }

  /** The code of its service line, which as a branch in an address opens the one it stands in. */
  get service() {
    return this.#names(this.key)[1].code;
  }

  /** The elements that say more of the cell, as the server names them. */
  get described() {
    const isBad = this.state === "refused" || this.state === "conflict";
    const why = this.why ? [`why-${this.why}`] : isBad ? [`problem-${this.key}`] : [];
    return [...why, ...this.marks.map((mark) => `mark-${mark}`)].join(" ");
  }
}

/** Writes an attribute, or takes it away where there is nothing to say. */
function attribute(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

export class Table {
  /** Cells by key, of every branch that was shown since the page was loaded. */
  cells = new Map();
  rows = [];
  bodies = new Map();
  services = new Map();

  // A cell that is scrolled to stands below the row of headings, however many lines their names take.
  #heading = new ResizeObserver(([{ target }]) => {
    target.closest(".grid-box").style.scrollPaddingTop = `${target.offsetHeight}px`;
  });

  constructor(part) {
    this.part = part;
    this.adopt();
  }

  /** Takes in the inputs of a table that the server has just drawn; what was typed and not saved stays typed. */
  adopt() {
    this.element = this.part.querySelector("#grid-table");
    this.rows = [...(this.element?.querySelectorAll(".grid-row") ?? [])].map((row) => [...row.querySelectorAll("input")]);
    const names = (key) => this.#names(key);
    this.places = new Map();
    this.rows.forEach((inputs, row) =>
      inputs.forEach((input, column) => {
        const cell = new Cell(input, names);
        this.places.set(cell.key, [row, column]);
        this.cells.set(cell.key, cell);
      }),
    );
    this.#keepNames();
    this.#heading.disconnect();
    if (this.element) this.#heading.observe(this.element.querySelector("thead th"));
  }

  /** Names and codes of bodies and service lines by id, which outlast the branch that showed them. */
  #keepNames() {
    const isTurned = this.asked.across === "services";
    const [rows, columns] = isTurned ? [this.bodies, this.services] : [this.services, this.bodies];
    for (const heading of this.element?.querySelectorAll('th[id^="r"], th[id^="c"]') ?? []) {
      (heading.id[0] === "r" ? rows : columns).set(heading.id.slice(1), { name: heading.textContent.trim(), code: heading.dataset.code });
    }
  }

  /** The body and the service line of a cell. */
  #names(key) {
    const [body, service] = key.split("-");
    return [this.bodies.get(body), this.services.get(service)];
  }

  /** Whether a text is the name or the code of a body or of a service line that was shown. */
  isKnown(text) {
    const isIt = ({ name, code }) => text !== "" && [name, code].some((known) => known?.toLowerCase() === text.toLowerCase());
    return [...this.bodies.values(), ...this.services.values()].some(isIt);
  }

  /** What the server was asked for: branch, kind of money, spend type, funder, lines, orientation. */
  get asked() {
    return Object.fromEntries(new URLSearchParams(this.element?.dataset.asked ?? ""));
  }

  /** Which lines of the count the cells are: cells of another slice are other cells. */
  get slice() {
    const { kind = "", spend_type: type = "", funder = "" } = this.asked;
    return { kind: kind === "revenue" ? "" : kind, spend_type: type, funder };
  }

  cell(input) {
    return this.cells.get(input.id.slice(2));
  }

  /** The input of a cell, or nothing where its branch is not open. */
  input(key) {
    return document.getElementById(`c-${key}`);
  }

  /** The code of the body that a cell is of. */
  bodyOf(input) {
    const [row, column] = input.getAttribute("aria-labelledby").split(" ");
    return document.getElementById(this.asked.across === "services" ? row : column).dataset.code ?? "";
  }

  place(input) {
    return this.places.get(input.id.slice(2));
  }

  at(row, column) {
    return this.rows[row]?.[column];
  }

  /** The input so many rows and columns away, at most as far as the edge. */
  away(input, down, right) {
    const [row, column] = this.place(input);
    const to = (value, length) => Math.max(0, Math.min(length - 1, value));
    return this.at(to(row + down, this.rows.length), to(column + right, this.rows[0].length));
  }

  focus(input) {
    if (!input) return;
    input.focus({ preventScroll: true });
    input.select();
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** What a cell holds now: what was typed, else what is saved. */
  text(cell) {
    return cell.typed ?? cell.saved;
  }

  /** Writes a cell as it now stands into its input, if that is shown. */
  show(cell) {
    const input = this.input(cell.key);
    if (!input) return;
    const box = input.parentElement;
    input.defaultValue = cell.saved;
    input.value = this.text(cell);
    if (cell.state) box.dataset.state = cell.state;
    else delete box.dataset.state;
    if (cell.saved) cell.marks = cell.marks.filter((mark) => mark !== "expected");
    attribute(box, "data-marks", cell.marks.join(" "));
    attribute(input, "aria-invalid", cell.state === "refused" || cell.state === "conflict" ? "true" : "");
    attribute(input, "aria-describedby", cell.described);
  }

  /** Marks a cell as one of which something was said. */
  comment(key) {
    const cell = this.cells.get(key);
    if (!cell || cell.marks.includes("comment")) return;
    cell.marks = ["comment", ...cell.marks];
    this.show(cell);
  }

  /** Totals as the server said them; what it does not name is none. */
  total(totals) {
    for (const element of document.querySelectorAll("#grid [data-total]")) {
      element.textContent = totals[element.dataset.total] ?? "";
    }
  }
}
