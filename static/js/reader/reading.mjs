// What was on screen, told to the server, which alone judges it. Four times a second the cells in sight of drawn pages
// are noted while the tab is visible; each second they are sent. What could not be sent is kept and sent again.

const TICK = 250;
const SEND = 1000;
const LONGEST_TICK = 1000; // a machine that slept was not read from
const LONGEST_CLAIM = 600_000;
const MOST_PAGES = 200;
const SHARED_BY = 2; // the server's clock pays for two pages at once
const BACK_OFF = [2, 4, 8, 15];

export class Reading {
  constructor({ pages, server, bar, apply }) {
    Object.assign(this, { pages, server, bar, apply });
    this.stream = crypto.randomUUID();
    this.seq = 0;
    this.pending = new Map();
    this.batches = [];
    this.sending = false;
    this.failures = 0;
    this.waitUntil = 0;
    this.last = performance.now();
    setInterval(() => this.tick(), TICK);
    setInterval(() => this.#send(), SEND);
    addEventListener("visibilitychange", () => this.#visibility());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("online", () => this.#again());
  }

  /** Note what is in sight now; the time since the last look is shared by the pages that are to be read. */
  tick() {
    const now = performance.now();
    const passed = Math.min(now - this.last, LONGEST_TICK);
    this.last = now;
    if (document.visibilityState !== "visible" || this.server.over) return;
    const view = this.bar.view();
    const sights = [];
    for (const folio of this.pages.drawn()) {
      const cells = folio.read ? 0n : folio.cellsIn(view);
      if (cells) sights.push([folio, cells]);
    }
    const share = passed * Math.min(1, SHARED_BY / sights.length);
    for (const [folio, cells] of sights) {
      folio.seen |= cells;
      this.pending.set(folio, (this.pending.get(folio) ?? 0) + share);
    }
  }

  /** Send what is left; resolves when the server has answered all, or cannot be reached. */
  async settle() {
    this.tick();
    this.#pack();
    await this.#drain();
  }

  #visibility() {
    if (document.visibilityState === "hidden") this.#leave();
    else this.last = performance.now();
  }

  // The page may be gone in a moment: send all there is, each on its own, without waiting.
  #leave() {
    this.tick();
    this.#pack();
    for (const batch of this.batches.filter((each) => !each.sent)) this.#post(batch).catch(() => {});
  }

  #again() {
    this.waitUntil = 0;
    this.#send();
  }

  #send() {
    if (this.sending || performance.now() < this.waitUntil) return;
    this.#pack();
    this.#drain();
  }

  #pack() {
    while (this.pending.size && !this.server.over) {
      const claims = [...this.pending].slice(0, MOST_PAGES);
      const pages = [];
      for (const [folio, time] of claims) {
        this.pending.delete(folio);
        const ms = Math.min(Math.round(time), LONGEST_CLAIM);
        const cells = folio.seen.toString(16).padStart(20, "0");
        if (ms > 0 && !folio.read) pages.push({ document: folio.document, page: folio.page, cells, ms });
      }
      if (pages.length) this.batches.push({ seq: (this.seq += 1), pages, sent: false });
    }
  }

  async #drain() {
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.batches.length && !this.server.over) await this.#post(this.batches[0]);
      this.failures = 0;
      this.bar.say("lost", false);
    } catch {
      const seconds = BACK_OFF[Math.min(this.failures, BACK_OFF.length - 1)];
      this.failures += 1;
      this.waitUntil = performance.now() + seconds * 1000;
      this.bar.say("lost", true);
    } finally {
      this.sending = false;
    }
  }

  async #post(batch) {
    batch.sent = true;
    try {
      const { seq, pages } = batch;
      const { ok, answer } = await this.server.post("reading", { stream: this.stream, seq, pages }, { keepalive: true });
      this.batches = this.batches.filter((each) => each !== batch);
      if (ok) this.apply(answer);
      else if (answer.error === "session_over") this.bar.say("over", true);
    } catch (error) {
      batch.sent = false;
      throw error;
    }
  }
}
