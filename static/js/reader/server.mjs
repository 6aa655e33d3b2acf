// Requests to the server. Three things can go wrong: it cannot be reached (try again), it says no (a fact), or the
// session is over (nothing more to be sent).

export class Unreachable extends Error {}

export class Server {
  constructor({ token, urls }) {
    this.token = token;
    this.urls = urls;
    this.over = false;
  }

  /** GET how everything stands; answers as `post` does. */
  async get(name) {
    return this.#ask(name, { cache: "no-store", headers: { Accept: "application/json" } });
  }

  /** POST to one of `reading`, `declare`, `consent`; `body` is an object: JSON for reading, a form for the others. */
  async post(name, body, { keepalive = false } = {}) {
    const json = name === "reading";
    return this.#ask(name, {
      method: "POST",
      keepalive,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": this.token,
        ...(json ? { "Content-Type": "application/json" } : {}),
      },
      body: json ? JSON.stringify(body) : new URLSearchParams(body),
    });
  }

  async #ask(name, how) {
    let response;
    try {
      response = await fetch(this.urls[name], { credentials: "same-origin", ...how });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    return this.#answer(response);
  }

  async #answer(response) {
    if (response.status === 403) {
      this.over = true;
      return { ok: false, answer: { error: "session_over" } };
    }
    if (response.status >= 500 || response.status === 429) throw new Unreachable(String(response.status));
    let answer;
    try {
      answer = await response.json();
    } catch (error) {
      throw new Unreachable(String(error));
    }
    if (answer.error === "closed") {
      this.over = true;
      location.assign(answer.next);
    }
    return { ok: response.ok, answer };
  }
}
