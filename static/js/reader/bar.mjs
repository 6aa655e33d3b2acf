// The bar at the bottom and the count at the top: what is missing, where to go on, SIGNER. All from what the server
// said last; SIGNER opens when the server says that nothing is missing.

const NOTES = {
  lost: "Connexion perdue. Votre lecture est gardée.",
  over: "Votre session est terminée. Rouvrez le lien reçu ; votre lecture est enregistrée.",
  early: "Cette page vient de s’afficher. Encore un instant.",
  unseen: "Cette page n’est pas encore chargée.",
};

export class Bar {
  constructor({ root, find, showTarget, goOn }) {
    this.element = document.querySelector(".bar");
    this.root = root;
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
    writeCount(count, read, total);
    count.nextElementSibling.value = read;
    for (const { n, pages_read: pages } of documents) this.#document(n, pages);
    this.next = next;
    this.#missing(missing, ready);
  }

  #document(number, read) {
    const row = this.root.querySelector(`.rows [data-document="${number}"]`);
    const total = Number(row.dataset.total);
    row.classList.toggle("read", read === total);
    const words = read === total ? "lu en entier" : readOf(read, total);
    write(row.querySelector(".state"), read ? words : "à lire");
  }

  #missing({ pages, boxes }, ready) {
    const { element } = this;
    element.querySelector(".left").hidden = ready;
    element.querySelector(".all").hidden = !ready;
    element.querySelector(".pages-left").hidden = !pages;
    element.querySelector(".boxes-left").hidden = !boxes;
    element.querySelector(".comma").hidden = !pages || !boxes;
    write(element.querySelector(".pages-left b"), counted(pages, "page"));
    write(element.querySelector(".boxes-left b"), counted(boxes, "case"));
    this.sign.setAttribute("aria-disabled", String(!ready));
    this.#link(pages);
  }

  #link(pages) {
    const folio = this.next && this.find(this.next.document, this.next.page);
    this.link.hidden = this.ready;
    this.link.hash = folio ? folio.element.id : "accord";
    write(this.link.querySelector(".words"), pages ? "Page suivante à lire" : "Cases à cocher");
    write(this.link.querySelector(".heard"), folio ? `, ${folio.title}, page ${folio.page}` : "");
  }

  /** Show or take away a sentence in place of what is missing; also read aloud. */
  say(name, on) {
    if (on) this.notes.add(name);
    else if (!this.notes.delete(name)) return;
    const [last] = [...this.notes].slice(-1);
    write(this.element.querySelector(".note"), NOTES[last] ?? "");
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
    const box = document.querySelector("#accord input:not(:checked):enabled") ?? document.getElementById("accord");
    box.focus({ preventScroll: true });
    box.closest("label, fieldset").scrollIntoView({ block: "center" });
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
  }

  #place(hash) {
    const [, number, page] = /^#d(\d+)-p(\d+)$/.exec(hash) ?? [];
    return number ? { document: Number(number), page: Number(page) } : null;
  }
}

function readOf(read, total) {
  return `${read} ${read === 1 ? "page lue" : "pages lues"} sur ${total}`;
}

// "N pages lues sur M" is a name that scripts look for, at 1 too: there the plural's letters take no room.
function writeCount(element, read, total) {
  if (element.textContent === `${read} pages lues sur ${total}`) return;
  const plural = () => (read === 1 ? Object.assign(document.createElement("span"), { className: "mute", textContent: "s" }) : "s");
  element.replaceChildren(`${read} page`, plural(), " lue", plural(), ` sur ${total}`);
}

function counted(number, noun) {
  return `${number}\u00a0${noun}${number > 1 ? "s" : ""}`;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
