// The panel beside the grid: what a cell rests on, its comments and its history, drawn by the server.

const PATIENCE = 200;

export class Panel {
  #box;
  #address;
  #timer;
  #shown = "";
  #told;

  /**
   * `told.changed(key, line, version)` hears when the panel's form changed the line under a cell,
   * `told.commented(key)` when something was said of one, `told.present(words)` who else edits now.
   */
  constructor(box, address, told) {
    [this.#box, this.#address, this.#told] = [box, address, told];
    box.addEventListener("submit", (event) => this.#submit(event));
    box.addEventListener("change", (event) => event.target.form?.dataset.saves !== undefined && event.target.form.requestSubmit());
  }

  /** Shows a cell once the reader rests on it; again where it was saved meanwhile. */
  show(key, asked, again = false) {
    clearTimeout(this.#timer);
    if (this.#shown === key && !again) return;
    this.#timer = setTimeout(() => this.#fetch(key, asked), PATIENCE);
  }

  /** Goes to where something can be said of a cell. */
  async comment(key, asked) {
    clearTimeout(this.#timer);
    if (this.#shown !== key) await this.#fetch(key, asked);
    this.#box.querySelector("#panel-comment")?.focus();
  }

  get key() {
    return this.#shown;
  }

  async #fetch(key, asked) {
    const [agency, service_line] = key.split("-");
    const query = new URLSearchParams({ ...asked, agency, service_line });
    try {
      const answer = await fetch(`${this.#address}?${query}`, { headers: { "X-Part": "panel" } });
      if (answer.ok) this.#draw(key, await answer.text());
    } catch {
      // Without a connection the panel stays as it is.
    }
  }

  #draw(key, html) {
    if (this.#box.contains(document.activeElement) && this.#shown === key) return;
    this.#shown = key;
    this.#write(html);
  }

  /** Who else edits is said above the grid, in one place, and not beside it too. */
  #write(html) {
    this.#box.innerHTML = html;
    const present = this.#box.querySelector("[data-present]");
    present?.remove();
    this.#told.present(present?.textContent ?? "");
  }

  /** Whoever is in the panel stays where they were when it is drawn anew. */
  #return(id) {
    (this.#box.querySelector(`#${id}`) ?? this.#box).focus();
  }

  async #submit(event) {
    event.preventDefault();
    const form = event.target;
    const saved = document.createElement("p");
    saved.setAttribute("role", "status");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Part": "panel" } });
      const was = this.#box.contains(document.activeElement) ? document.activeElement.id : null;
      this.#write(await answer.text());
      if (was !== null) this.#return(was || "panel-comment");
      const line = this.#box.querySelector("[data-line]");
      if (line) this.#told.changed(this.#shown, Number(line.dataset.line), Number(line.dataset.version));
      if (answer.ok && form.elements.act?.value === "comment") this.#told.commented(this.#shown);
    } catch {
      saved.textContent = "Not saved: there is no connection. What you typed is still here; send it again.";
      form.append(saved);
    }
  }
}
