// The panel beside the grid: what a cell rests on, its comments and its history, drawn by the server. It is drawn again
// part by part, and what somebody types into it stays: until it is saved, and for when they come back to the cell.

import { fieldsOf, isChanged, mark, renew } from "./fields.js";
import { isSignedOut, signInLink } from "./session.js";

const PATIENCE = 200;

function parsed(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

function values(form) {
  return JSON.stringify(fieldsOf(form).map(({ value }) => value));
}

export class Panel {
  #box;
  #session;
  #table;
  #told;
  #timer;
  // The cell that is shown, and the one that will be once the server has answered.
  #shown = "";
  #wanted = "";
  // What was typed and is not saved: by cell, values by id of the field.
  #drafts = new Map();
  // Forms are sent one after another, each from where the one before left the line.
  #last = Promise.resolve();
  // What was sent of the form last: it is sent again by its button only.
  #tried = "";

  /**
   * The box says the address of cells and of where one signs in. `told.changed(key, line, version)` hears when the form
   * changed the line under a cell, `told.present(words)` who else edits now; `told.settled(key)` resolves once nothing
   * of a cell is on its way to the server.
   */
  constructor(box, session, table, told) {
    [this.#box, this.#session, this.#table, this.#told] = [box, session, table, told];
    box.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(event.target);
    });
    box.addEventListener("focusout", ({ target: { form } }) => {
      if (form?.dataset.saves === undefined || !fieldsOf(form).some(isChanged)) return;
      if (values(form) !== this.#tried) this.#submit(form);
    });
  }

  get key() {
    return this.#shown;
  }

  // Showing a cell

  /** Shows a cell once the reader rests on it; again where it was saved meanwhile. */
  show(key, asked, again = false) {
    clearTimeout(this.#timer);
    this.#wanted = key;
    if (this.#shown === key && !again) return;
    this.#timer = setTimeout(() => this.#fetch(key, asked), PATIENCE);
  }

  /** Goes to where something can be said of a cell. */
  async comment(key, asked) {
    clearTimeout(this.#timer);
    this.#wanted = key;
    if (this.#shown !== key) await this.#fetch(key, asked);
    this.#box.querySelector("#panel-comment")?.focus();
  }

  async #fetch(key, asked) {
    const [agency, service_line] = key.split("-");
    const query = new URLSearchParams({ ...asked, agency, service_line });
    try {
      const answer = await fetch(`${this.#box.dataset.cell}?${query}`, { headers: { "X-Part": "panel" } });
      const html = await answer.text();
      if (isSignedOut(answer)) this.#say("You are signed out, so this cell cannot be shown.", true);
      else if (answer.ok) this.#draw(key, parsed(html));
    } catch {
      // Without a connection the panel stays as it is.
    }
  }

  #draw(key, next) {
    if (this.#wanted !== key) return;
    this.#told.present(this.#takePresent(next));
    if (this.#shown === key) {
      this.#merge(next);
      return;
    }
    this.#keepDraft();
    this.#shown = key;
    this.#tried = "";
    this.#box.replaceChildren(next);
    for (const [id, value] of this.#drafts.get(key) ?? []) {
      const field = this.#box.querySelector(`#${id}`);
      if (field) field.value = value;
    }
  }

  /** Who else edits is said above the grid, in one place, and not beside it too. */
  #takePresent(next) {
    const present = next.querySelector("[data-present]");
    present?.remove();
    return present?.textContent ?? "";
  }

  #merge(next) {
    const wasInside = this.#box.contains(document.activeElement);
    for (const part of next.querySelectorAll("[data-part]")) {
      const now = this.#box.querySelector(`[data-part="${part.dataset.part}"]`);
      const [form, drawn] = [now.querySelector("form"), part.querySelector("form")];
      if (form && drawn) renew(form, drawn);
      else now.replaceWith(part);
    }
    if (wasInside && !this.#box.contains(document.activeElement)) this.#box.focus();
  }

  #keepDraft() {
    const changed = fieldsOf(this.#box).filter(isChanged);
    this.#drafts.set(this.#shown, new Map(changed.map(({ id, value }) => [id, value])));
  }

  /** What cannot be drawn is said above what is there. */
  #say(words, asksToSignIn = false) {
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    said.append(words);
    if (asksToSignIn) said.append(" ", signInLink(this.#box.dataset.signIn));
    (this.#box.querySelector('[data-part="problem"]') ?? this.#box).replaceChildren(said);
  }

  // Saving

  #submit(form) {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    this.#tried = values(form);
    const sent = { key: this.#shown, address: form.action, data };
    this.#last = this.#last.then(() => this.#send(sent));
  }

  async #send(sent) {
    const { key, address, data } = sent;
    if (data.get("act") === "describe") await this.#takeLine(sent);
    const where = key === this.#shown ? "Not saved" : `${this.#table.cells.get(key)?.label}: not saved`;
    try {
      const answer = await this.#session.post(address, { body: data, headers: { "X-Part": "panel" }, keepalive: true });
      const html = await answer.text();
      if (isSignedOut(answer)) this.#say(`${where}, because you are signed out. What you typed is still here.`, true);
      else if (answer.ok || answer.status === 422) this.#answered(sent, answer.ok, parsed(html));
      else this.#say(`${where}. You may not change this any more, or the server is at fault. What you typed is still here.`);
    } catch {
      this.#say(`${where}: there is no connection. What you typed is still here; send it again.`);
    }
  }

  /** The line as it stands once all that was typed of its cell is saved. */
  async #takeLine({ key, data }) {
    const isSettled = this.#told.settled(key);
    if (isSettled) {
      this.#say("This is saved as soon as the amount is.");
      await isSettled;
    }
    const { line, version } = this.#table.cells.get(key) ?? {};
    const [formLine, formVersion] = ["line", "row_version"].map((name) => Number(data.get(name)));
    if (line > formLine || (line === formLine && version > formVersion)) {
      data.set("line", line);
      data.set("row_version", version);
    }
  }

  #answered({ key, data }, isGood, next) {
    this.#takePresent(next);
    if (isGood) this.#saved(key, data, next);
    if (key === this.#shown) this.#merge(next);
    else if (!isGood) {
      const problem = next.querySelector('[data-part="problem"]').textContent.trim();
      this.#say(`${this.#table.cells.get(key)?.label}: not saved. ${problem}`);
    }
  }

  /** What was sent is no draft any more; what was typed since is. */
  #saved(key, data, next) {
    const isComment = data.get("act") === "comment";
    const fields = key === this.#shown ? fieldsOf(this.#box) : [];
    for (const field of fields.filter(({ name, value }) => data.get(name) === value)) {
      if (isComment) field.value = "";
      else mark(field, field.value);
    }
    this.#tried = "";
    this.#forgetDraft(key, [...data.values()]);
    if (isComment) this.#table.comment(key);
    const line = next.querySelector("[data-line]");
    if (line) this.#told.changed(key, Number(line.dataset.line), Number(line.dataset.version));
  }

  #forgetDraft(key, saved) {
    const draft = this.#drafts.get(key) ?? new Map();
    for (const [id, value] of draft) if (saved.includes(value)) draft.delete(id);
  }
}
