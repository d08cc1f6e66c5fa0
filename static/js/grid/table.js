// The table of inputs: which there are, where they stand, and moving between them.

/** A cell as the page knows it: what is saved, what is typed, and how that stands. */
function read(input, labels) {
  return {
    key: input.id.slice(2),
    label: labels(input),
    saved: input.defaultValue,
    typed: null,
    line: input.dataset.line ? Number(input.dataset.line) : null,
    version: input.dataset.version ? Number(input.dataset.version) : null,
    state: "",
  };
}

export class Table {
  /** Cells by key, of every branch that was shown since the page was loaded. */
  cells = new Map();
  rows = [];

  constructor(part) {
    this.part = part;
    this.adopt();
  }

  /** Takes in the inputs of a table that the server has just drawn; what was typed and not saved stays typed. */
  adopt() {
    this.element = this.part.querySelector("#grid-table");
    this.rows = [...(this.element?.querySelectorAll(".grid-row") ?? [])].map((row) => [...row.querySelectorAll("input")]);
    const names = new Map();
    const name = (id) => {
      if (!names.has(id)) names.set(id, document.getElementById(id).textContent.trim());
      return names.get(id);
    };
    const labels = (input) => {
      const [row, column] = input.getAttribute("aria-labelledby").split(" ");
      return this.asked.across === "services" ? `${name(row)}, ${name(column)}` : `${name(column)}, ${name(row)}`;
    };
    this.places = new Map();
    this.rows.forEach((inputs, row) =>
      inputs.forEach((input, column) => {
        const cell = read(input, labels);
        this.places.set(cell.key, [row, column]);
        this.cells.set(cell.key, cell);
      }),
    );
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
    const isBad = cell.state === "refused" || cell.state === "conflict";
    if (isBad) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", `problem-${cell.key}`);
    } else if (input.hasAttribute("aria-invalid")) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  /** Totals as the server said them; what it does not name is none. */
  total(totals) {
    for (const element of document.querySelectorAll("#grid [data-total]")) {
      element.textContent = totals[element.dataset.total] ?? "";
    }
  }
}
