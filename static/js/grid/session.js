// Sending as the person who opened the page, also after they signed in again in another tab: the server then asks for
// another token, which the address that says who else edits gives.

const OTHER_PERSON = "Somebody else is signed in in this browser now. Sign in as yourself, then try again.";

export class Session {
  #token;
  #person;
  #address;

  constructor(token, person, address) {
    [this.#token, this.#person, this.#address] = [token, person, address];
  }

  get token() {
    return this.#token;
  }

  /** What the server says of the count now, and whether the page may send; rejects where it cannot be reached. */
  async ask() {
    const answer = await fetch(this.#address);
    if (!answer.ok) return answer;
    const said = await answer.json();
    if (String(said.person) !== this.#person) return Response.json({ detail: OTHER_PERSON }, { status: 403 });
    this.#token = said.token;
    return Response.json(said);
  }

  /** Sends something; once more where the token was of an earlier sign-in. */
  async post(address, { headers, ...rest }) {
    const send = () => fetch(address, { ...rest, method: "POST", headers: { ...headers, "X-CSRFToken": this.#token } });
    const answer = await send();
    if (answer.status !== 403) return answer;
    await answer.text();
    const asked = await this.ask();
    return asked.ok ? send() : asked;
  }
}

/** Whether an answer says that nobody is signed in any more; pages say it by leading to where one signs in. */
export function isSignedOut({ status, redirected }) {
  return status === 401 || redirected;
}

/** A link that leaves the page, and what was typed in it, where they are. */
export function signInLink(address) {
  const link = document.createElement("a");
  Object.assign(link, { href: address, target: "_blank", textContent: "Sign in again (opens in a new tab)" });
  return link;
}
