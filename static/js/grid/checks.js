// The line above the grid that says which figures to check; asked for again a moment after something was saved.

const PAUSE = 1_500;

export class Checks {
  #part;
  #timer;

  constructor(part) {
    this.#part = part;
  }

  /** Looks again when nothing more was saved for a moment. */
  later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE);
  }

  async #look() {
    let answer;
    try {
      answer = await fetch(this.#part.dataset.checks, { headers: { "X-Part": "checks" } });
    } catch {
      return; // what it said last stays
    }
    if (!answer.ok || answer.redirected) return;
    const wasOpen = this.#part.querySelector("details")?.open ?? false;
    this.#part.innerHTML = await answer.text();
    const details = this.#part.querySelector("details");
    if (details) details.open = wasOpen;
  }
}
