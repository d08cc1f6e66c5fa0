// Changes on their way to the server: sent one after another, kept in the browser until they are confirmed.
//
// Changes that wait are sent in one request as far as they do not touch each other, each saved or refused by itself.
//
// A change is {id, slice, cells, state, isSent}: cells that are saved together or not at all, each
// {key, label, typed, line, version, restores}, with the line and version that it was read at, and where it is held the
// `outcome` that the server named. Its state is "waiting" (to be sent, or sent again), "sending", or "held" (the server
// refused part of it; somebody must look). `isSent` says that it was sent and no answer came: it may be saved.
//
// A cell is in one change. Only behind one that is sent there may be a second, with what was typed since.

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;
const NOT_ALLOWED = "You may not change this any more. What you typed is kept in this browser.";
// Cells of one request, unless a single change has more.
const MOST_CELLS = 200;

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

/** Whether something is wrong with a cell of a held change; the others of it wait for those. */
export function isBad({ outcome }) {
  return outcome !== undefined && outcome.state !== "held";
}

function refusals({ cells }, detail = "This was refused. Load the page again.") {
  return cells.map(({ key }) => ({ key, state: "refused", message: detail }));
}

export class Queue {
  changes = [];
  /** Why nothing is sent now: "" (it is), "connection", "sign-in" (nobody is signed in), or words of the server's. */
  stopped = "";
  #store;
  // Ids of what was last kept.
  #stored = new Set();
  #send;
  #heard;
  #wait = FIRST_WAIT;
  #timer;
  #busy = false;

  /**
   * `send(changes)` resolves with the server's answer: its status, and where that is 200 a list of what became of
   * each. `heard(change, outcomes, answer)` is told of it, once the queue has taken it in, and without outcomes of
   * every other turn of a change.
   */
  constructor(store, send, heard) {
    [this.#store, this.#send, this.#heard] = [store, send, heard];
    addEventListener("online", () => this.resume());
  }

  /** Takes up what an earlier visit could not send. */
  restore() {
    this.changes = kept(this.#store).map((change) => ({ ...change, state: change.state === "held" ? "held" : "waiting" }));
    for (const change of [...this.changes]) this.#leaveTo(change);
    return this.changes;
  }

  add(slice, cells) {
    const change = { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, slice, cells, state: "waiting" };
    this.changes.push(change);
    this.#leaveTo(change);
    this.keep();
    this.#heard(change, null);
    this.pump();
    return change;
  }

  /** The change that holds an unsaved, refused cell of a slice, if there is one. */
  holding(key, slice) {
    return this.changes.find(
      (change) => change.state === "held" && isOf(change, slice) && change.cells.some((cell) => cell.key === key),
    );
  }

  /** Whether something typed into a cell has still to reach the server. */
  isOnItsWay(key, slice) {
    return this.changes.some(
      (change) => change.state !== "held" && isOf(change, slice) && change.cells.some((cell) => cell.key === key),
    );
  }

  /** Cells that were typed again are a newer change's: what older ones, never sent, say of them is over. */
  #leaveTo(newer) {
    const keys = new Set(newer.cells.map(({ key }) => key));
    for (const change of this.changes.slice(0, this.changes.indexOf(newer))) {
      if (!change.isSent && isOf(change, newer.slice)) this.#drop(change, keys);
    }
  }

  /** Takes cells out of a change. One that waited for none but these goes on, one without cells is over. */
  #drop(change, keys) {
    change.cells = change.cells.filter(({ key }) => !keys.has(key));
    if (change.cells.length === 0) this.changes = this.changes.filter((other) => other !== change);
    else if (change.state === "held" && !change.cells.some(isBad)) change.state = "waiting";
  }

  /** Sends a held change again, or lets go of it where nothing is left in it. */
  release(change) {
    if (change.cells.length > 0) change.state = "waiting";
    else this.changes = this.changes.filter((other) => other !== change);
    this.keep();
    this.pump();
  }

  /** A cell was saved: later changes of it start from there, and so does the question which of two amounts to keep. */
  advance(slice, key, line, version) {
    for (const change of this.changes.filter((other) => isOf(other, slice))) {
      for (const cell of change.cells.filter((other) => other.key === key)) {
        const theirs = change.state === "held" && cell.outcome?.theirs;
        if (theirs) Object.assign(theirs, { line, row_version: version });
        else Object.assign(cell, { line, version });
      }
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
      this.#stored = own;
    } catch {
      // A browser that keeps nothing still sends; leaving the page is warned of.
    }
  }

  /** Lets go of held changes that another tab has dealt with, which are kept no more; says which. */
  letGoOfDone() {
    const there = new Set(kept(this.#store).map(({ id }) => id));
    const done = this.changes.filter(({ id, state }) => state === "held" && this.#stored.has(id) && !there.has(id));
    this.changes = this.changes.filter((change) => !done.includes(change));
    return done;
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
    let batch;
    while (!this.stopped && (batch = this.#next()).length > 0) {
      this.#become(batch, "sending");
      await this.#attempt(batch);
    }
    this.#busy = false;
  }

  /** The changes that can go together: of one slice, and none of a cell that an earlier one touches. */
  #next() {
    const waiting = this.changes.filter(({ state }) => state === "waiting");
    const batch = [];
    const touched = new Set();
    for (const change of waiting) {
      const isApart = change.cells.every(({ key }) => !touched.has(key));
      if (!isApart || !isOf(change, waiting[0].slice)) break;
      if (batch.length > 0 && touched.size + change.cells.length > MOST_CELLS) break;
      batch.push(change);
      for (const { key } of change.cells) touched.add(key);
    }
    return batch;
  }

  #become(batch, state, isSent = true) {
    for (const change of batch) Object.assign(change, { state, isSent });
    for (const change of batch) this.#heard(change, null);
  }

  async #attempt(batch) {
    let answer;
    try {
      answer = await this.#send(batch);
    } catch {
      answer = null;
    }
    if (!answer || answer.status >= 500 || answer.status === 429) this.#later(batch);
    else if (answer.status === 401) this.#stop(batch, "sign-in");
    else if (answer.status === 403) this.#stop(batch, answer.detail || NOT_ALLOWED);
    else this.#answered(batch, answer);
  }

  #later(batch) {
    this.stopped = "connection";
    this.#timer = setTimeout(() => this.#retry(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    this.#become(batch, "waiting");
  }

  #retry() {
    this.stopped = "";
    this.pump();
  }

  #stop(batch, why) {
    this.stopped = why;
    this.#become(batch, "waiting", false);
  }

  #answered(batch, answer) {
    this.#wait = FIRST_WAIT;
    batch.forEach((change, index) => {
      const outcomes = answer.changes?.[index] ?? refusals(change, answer.detail);
      if (outcomes.every(({ state }) => state === "saved")) this.#saved(change, outcomes);
      else this.#hold(change, outcomes);
      this.#heard(change, outcomes, answer);
    });
    this.keep();
  }

  #saved(change, outcomes) {
    this.changes = this.changes.filter((other) => other !== change);
    for (const { key, line, row_version: version } of outcomes) this.advance(change.slice, key, line, version);
  }

  /** Keeps what was refused for somebody to look at, but for cells that were typed again since. */
  #hold(change, outcomes) {
    Object.assign(change, { state: "held", isSent: false });
    change.cells.forEach((cell, index) => {
      cell.outcome = outcomes[index].state === "saved" ? { ...outcomes[index], state: "held" } : outcomes[index];
    });
    const later = this.changes.slice(this.changes.indexOf(change) + 1).filter((other) => isOf(other, change.slice));
    this.#drop(change, new Set(later.flatMap(({ cells }) => cells.map(({ key }) => key))));
  }
}
