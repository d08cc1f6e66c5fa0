// Changes on their way to the server: sent one after another, kept in the browser until they are confirmed.
//
// A change is {id, slice, cells, state}: cells that are saved together or not at all, each
// {key, label, typed, line, version, restores}, with the line and version that it was read at. Its state is "waiting"
// (to be sent, or sent again), "sending", or "held" (the server refused part of it; somebody must look).

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

function kept(store) {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? [];
  } catch {
    return [];
  }
}

/** Whether a change is of the cells of a slice. */
export function isOf(change, slice) {
  return Object.entries(slice).every(([name, value]) => change.slice[name] === value);
}

export class Queue {
  changes = [];
  /** Why nothing is sent now: "" (it is), "connection", or words of the server's. */
  stopped = "";
  #store;
  #send;
  #heard;
  #wait = FIRST_WAIT;
  #timer;
  #busy = false;

  /** `send(change)` resolves with the server's answer; `heard(change, answer)` is told of it, and of every stop. */
  constructor(store, send, heard) {
    [this.#store, this.#send, this.#heard] = [store, send, heard];
    addEventListener("online", () => this.resume());
  }

  /** Takes up what an earlier visit could not send. */
  restore() {
    this.changes = kept(this.#store).map((change) => ({ ...change, state: change.state === "held" ? "held" : "waiting" }));
    return this.changes;
  }

  add(slice, cells) {
    const change = { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, slice, cells, state: "waiting" };
    this.changes.push(change);
    this.keep();
    this.pump();
    return change;
  }

  /** The change that holds an unsaved, refused cell of a slice, if there is one. */
  holding(key, slice) {
    return this.changes.find(
      (change) => change.state === "held" && isOf(change, slice) && change.cells.some((cell) => cell.key === key),
    );
  }

  /** Sends a held change again, or lets go of it where nothing is left in it. */
  release(change) {
    if (change.cells.length > 0) change.state = "waiting";
    else this.changes = this.changes.filter((other) => other !== change);
    this.keep();
    this.pump();
  }

  /** A cell was saved: later changes of it start from there. */
  advance(slice, key, line, version) {
    for (const change of this.changes.filter((other) => isOf(other, slice))) {
      for (const cell of change.cells) if (cell.key === key) Object.assign(cell, { line, version });
    }
  }

  get unsaved() {
    return this.changes.length > 0;
  }

  /** Keeps what is not saved, beside what another tab of the same count keeps. */
  keep() {
    const own = new Set(this.changes.map(({ id }) => id));
    this.known = new Set([...(this.known ?? []), ...own]);
    const others = kept(this.#store).filter(({ id }) => !this.known.has(id));
    const all = [...others, ...this.changes];
    try {
      if (all.length > 0) localStorage.setItem(this.#store, JSON.stringify(all));
      else localStorage.removeItem(this.#store);
    } catch {
      // A browser that keeps nothing still sends; leaving the page is warned of.
    }
  }

  resume() {
    clearTimeout(this.#timer);
    this.stopped = "";
    this.#wait = FIRST_WAIT;
    this.pump();
  }

  async pump() {
    if (this.#busy || this.stopped) return;
    this.#busy = true;
    let change;
    while (!this.stopped && (change = this.changes.find(({ state }) => state === "waiting"))) {
      change.state = "sending";
      this.#heard(change, null);
      await this.#attempt(change);
    }
    this.#busy = false;
  }

  async #attempt(change) {
    let answer;
    try {
      answer = await this.#send(change);
    } catch {
      answer = null;
    }
    if (!answer || answer.status >= 500 || answer.status === 429) this.#later(change);
    else if (answer.status === 401 || answer.status === 403) this.#stop(change, answer.detail);
    else this.#answered(change, answer);
  }

  #later(change) {
    change.state = "waiting";
    this.stopped = "connection";
    this.#timer = setTimeout(() => this.#retry(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    this.#heard(change, null);
  }

  #retry() {
    this.stopped = "";
    this.pump();
  }

  #stop(change, detail) {
    change.state = "waiting";
    this.stopped = detail || "You may not change this any more. What you typed is kept in this browser.";
    this.#heard(change, null);
  }

  #answered(change, answer) {
    this.#wait = FIRST_WAIT;
    const isGood = answer.status === 200 && answer.cells.every(({ state }) => state === "saved");
    if (isGood) this.changes = this.changes.filter((other) => other !== change);
    else change.state = "held";
    this.#heard(change, answer);
    this.keep();
  }
}
