// What somebody did, one step at a time, to take back and do again.
// A step is a list of {key, before, after}, each {text, line}: a paste of many cells is one step.

export class Actions {
  #done = [];
  #undone = [];

  add(step) {
    this.#done.push(step);
    this.#undone = [];
  }

  /** What to write to take back the last step: [{key, from, to}], or nothing. */
  undo() {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push(step);
    return step.map(({ key, before, after }) => ({ key, from: after, to: before }));
  }

  redo() {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    return step.map(({ key, before, after }) => ({ key, from: before, to: after }));
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }
}
