// Who else edits the count now: plain words above the grid, which nobody is interrupted by.

const PAUSE = 30_000;

export class Company {
  #line;
  #address;
  #timer;

  constructor(line, address) {
    [this.#line, this.#address] = [line, address];
    document.addEventListener("visibilitychange", () => this.#look());
    this.#wait();
  }

  /** Every answer of the server says it; only a page that is open and otherwise quiet asks. */
  say(words) {
    if (this.#line.textContent !== words) this.#line.textContent = words;
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE);
  }

  async #look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(this.#address);
      if (answer.ok) this.say((await answer.json()).present);
    } catch {
      this.#wait();
    }
  }
}
