// Who else edits the count now: plain words above the grid, which nobody is interrupted by.

const PAUSE = 30_000;

export class Company {
  #line;
  #session;
  #answered;
  #timer;

  /** `answered()` hears when the server took a question of this page: whoever opened it is signed in. */
  constructor(line, session, answered) {
    [this.#line, this.#session, this.#answered] = [line, session, answered];
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
    this.#wait();
    try {
      const answer = await this.#session.ask();
      if (!answer.ok) return;
      this.say((await answer.json()).present);
      this.#answered();
    } catch {
      // Without a connection the line stays as it is.
    }
  }
}
