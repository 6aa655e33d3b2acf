// All pages in one scroll, and the queue that draws them: one at a time, what is in sight first, at most a screen ahead
// or behind; what is farther away gives its memory back.

export class Pages {
  constructor({ folios, renderer }) {
    this.folios = folios;
    this.renderer = renderer;
    this.near = new Set();
    this.busy = false;
    this.bySlot = new Map(folios.map((folio) => [folio.paper, folio]));
    const observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: "100% 0px" });
    for (const folio of folios) {
      observer.observe(folio.paper);
      folio.element.querySelector(".retry").addEventListener("click", () => this.retry());
    }
    this.#followSize();
    addEventListener("online", () => this.retry());
  }

  /** Pages of which something may be in sight and that stand there drawn; pictures are read by their buttons. */
  *drawn() {
    for (const folio of this.near) if (folio.drawn && !folio.pictured) yield folio;
  }

  /** Try again what could not be loaded. */
  retry() {
    for (const folio of this.folios) {
      if (!folio.failed) continue;
      folio.failed = false;
      folio.show();
    }
    this.draw();
  }

  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const folio = this.bySlot.get(target);
      if (isIntersecting) {
        this.near.add(folio);
      } else if (this.near.delete(folio)) {
        folio.drawn = false;
        this.renderer.drop(folio);
      }
    }
    this.draw();
  }

  /** Draw until nothing near is left to draw. */
  async draw() {
    if (this.busy) return;
    this.busy = true;
    for (let folio = this.#next(); folio; folio = this.#next()) await this.#one(folio);
    this.busy = false;
  }

  async #one(folio) {
    let whole = false;
    try {
      whole = await this.renderer.draw(folio);
    } catch {
      folio.failed = this.near.has(folio); // one that has left the screen was cancelled, not lost
    }
    folio.drawn = whole && this.near.has(folio);
    if (!this.near.has(folio) || folio.failed) this.renderer.drop(folio);
    folio.show();
  }

  #next() {
    let best = null;
    let least = Infinity;
    for (const folio of this.near) {
      if (folio.failed || !this.#stale(folio)) continue;
      const { top, bottom } = folio.paper.getBoundingClientRect();
      const away = bottom < 0 ? -bottom * 2 : Math.max(0, top - innerHeight) + 1 + Math.max(0, top) / innerHeight;
      const rank = bottom >= 0 && top <= innerHeight ? top / 1e6 : away;
      if (rank < least) [best, least] = [folio, rank];
    }
    return best;
  }

  #stale(folio) {
    if (!folio.drawn) return true;
    const { width, ratio } = folio.drawnAt;
    return ratio !== devicePixelRatio || Math.abs(width - folio.slot.clientWidth) >= 1;
  }

  #followSize() {
    let waiting = 0;
    const observer = new ResizeObserver(() => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.draw(), 120);
    });
    for (const section of new Set(this.folios.map((folio) => folio.section))) observer.observe(section);
    addEventListener("resize", () => this.draw());
  }
}
