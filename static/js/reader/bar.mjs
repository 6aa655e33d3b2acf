// The bar at the bottom and the count at the top: what is missing, where to go on, SIGNER. All from what the server
// said last; SIGNER opens when the server says that nothing is missing.

const MISSING = "#accord [type=checkbox]:not(:checked):enabled, #accord .mention:not([data-accepted]) input:enabled";

export class Bar {
  constructor({ root, words, find, showTarget, goOn }) {
    this.element = document.querySelector(".bar");
    this.root = root;
    this.words = words;
    this.find = find;
    this.showTarget = showTarget;
    this.form = document.getElementById("signature");
    this.sign = this.element.querySelector(".sign");
    this.link = this.element.querySelector(".next");
    this.notes = new Set();
    this.next = this.#place(this.link.hash);
    this.link.addEventListener("click", (event) => this.#follow(event));
    this.form.addEventListener("submit", (event) => this.#submit(event, goOn));
    addEventListener("pageshow", () => (this.leaving = false));
  }

  get ready() {
    return this.sign.getAttribute("aria-disabled") !== "true";
  }

  /** What of the window shows pages: all but the bar, and of a pinched page what the fingers left in sight. */
  view() {
    const { offsetLeft, offsetTop, width, height } = visualViewport;
    const fixed = getComputedStyle(this.element).position === "fixed";
    const floor = fixed ? this.element.getBoundingClientRect().top : Infinity;
    return { left: offsetLeft, top: offsetTop, right: offsetLeft + width, bottom: Math.min(offsetTop + height, floor) };
  }

  apply({ pages_read: read, pages_total: total, documents, ready, missing, next }) {
    const count = document.getElementById("count");
    this.#count(count, read, total);
    count.nextElementSibling.value = read;
    for (const { n, pages_read: pages } of documents) this.#document(n, pages);
    this.next = next;
    this.#missing(missing, ready);
  }

  #document(number, read) {
    const row = this.root.querySelector(`.rows [data-document="${number}"]`);
    const total = Number(row.dataset.total);
    row.classList.toggle("read", read === total);
    const told = read === total ? this.words.say("whole") : this.words.count("read", read, { total });
    write(row.querySelector(".state"), read ? told : this.words.say("todo"));
  }

  #missing({ pages, boxes, mentions }, ready) {
    const { element } = this;
    if (!pages) this.say("pictures", false); // its buttons have done their work
    element.querySelector(".left").hidden = ready;
    element.querySelector(".all").hidden = !ready;
    element.querySelector(".pages-left").hidden = !pages;
    element.querySelector(".boxes-left").hidden = !boxes;
    element.querySelector(".mentions-left").hidden = !mentions;
    element.querySelector(".comma").hidden = !pages || !boxes;
    element.querySelector(".comma-mentions").hidden = !mentions || !(pages || boxes);
    write(element.querySelector(".pages-left b"), this.words.count("pages", pages));
    write(element.querySelector(".boxes-left b"), this.words.count("boxes", boxes));
    write(element.querySelector(".mentions-left b"), this.words.count("mentions", mentions));
    this.sign.setAttribute("aria-disabled", String(!ready));
    this.#link(pages ? "next" : boxes || !mentions ? "openBoxes" : "openMentions");
  }

  #link(words) {
    const folio = this.next && this.find(this.next.document, this.next.page);
    this.link.hidden = this.ready;
    this.link.hash = folio ? folio.element.id : "accord";
    write(this.link.querySelector(".words"), this.words.say(words));
    write(this.link.querySelector(".heard"), folio ? this.words.say("place", { title: folio.title, page: folio.page }) : "");
  }

  /** Show or take away a sentence in place of what is missing; also read aloud. */
  say(name, on) {
    if (on) this.notes.add(name);
    else if (!this.notes.delete(name)) return;
    const [last] = [...this.notes].slice(-1);
    write(this.element.querySelector(".note"), last ? this.words.say(last) : "");
    this.element.classList.toggle("noted", Boolean(last));
  }

  #follow(event) {
    event.preventDefault();
    this.lead();
  }

  /** Go to what is missing first, and take the focus there. */
  lead() {
    const folio = this.next && this.find(this.next.document, this.next.page);
    if (folio) {
      this.showTarget(folio, this);
      return;
    }
    const box = document.querySelector(MISSING) ?? document.getElementById("accord");
    box.focus({ preventScroll: true });
    box.closest("label, .field, fieldset").scrollIntoView({ block: "center" });
  }

  async #submit(event, goOn) {
    if (this.leaving) {
      event.preventDefault();
      return;
    }
    if (this.ready) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    await goOn();
    if (!this.ready) this.lead();
    // What was missing was on its way: the press goes through, but not where it would sign by itself.
    else if ("code" in this.element.dataset) this.form.requestSubmit(this.sign);
  }

  // "N pages lues sur M" is a name that scripts look for, at 1 too: there the plural's letters take no room.
  #count(element, read, total) {
    if (element.textContent === this.words.say("countOther", { n: read, total })) return;
    const [first, ...parts] = this.words.say(read === 1 ? "countOne" : "countOther", { n: read, total }).split(/[[\]]/);
    const mute = (text) => Object.assign(document.createElement("span"), { className: "mute", textContent: text });
    element.replaceChildren(first, ...parts.map((part, place) => (place % 2 ? part : mute(part))));
  }

  #place(hash) {
    const [, number, page] = /^#d(\d+)-p(\d+)$/.exec(hash) ?? [];
    return number ? { document: Number(number), page: Number(page) } : null;
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
