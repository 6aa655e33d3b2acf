// One page as it lies in the scroll: its sheet, its mark in the margin, the row below it. Its grid is that of the
// server: 20 rows of 4 columns, bit = row * 4 + column, one hexadecimal digit a row, the last row first.

const ROWS = 20;
const COLUMNS = 4;

export class Folio {
  constructor(element, section, words) {
    const { document: number, page, cells, read } = element.dataset;
    this.element = element;
    this.section = section;
    this.words = words;
    this.document = Number(number);
    this.page = Number(page);
    this.known = BigInt(`0x${cells}`); // what the server holds
    this.seen = 0n; // what this window has shown
    this.read = Boolean(read);
    this.failed = false;
    this.drawn = false;
    this.paper = element.querySelector(".paper");
    this.slot = element.querySelector(".slot");
    this.button = element.querySelector(".declare");
    this.readAt = element.querySelector(".read-at");
  }

  get key() {
    return `${this.document}/${this.page}`;
  }

  get title() {
    return this.section.dataset.title;
  }

  /** Take what the server says of this page. */
  apply({ cells, read_at: readAt }) {
    this.known = BigInt(`0x${cells}`);
    if (readAt && !this.read) {
      this.read = true;
      this.#write(new Date(readAt));
    }
    this.show();
  }

  /** Bring mark, region and row up to date. */
  show() {
    const state = this.read ? "read" : this.failed ? "failed" : this.known ? "doing" : "todo";
    const { element } = this;
    element.querySelector(".ink").setAttribute("width", `${this.#percent()}%`);
    element.classList.toggle("failed", this.failed);
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    element.querySelector(".mark .word").textContent = this.words.say(state);
    const { title, total } = this.section.dataset;
    const label = this.words.say("label", { title, page: this.page, total, state: this.words.say(state) });
    element.setAttribute("aria-label", label);
  }

  /** The page is inked: the sentence takes the button's place, and its focus. */
  #write(at) {
    const focused = document.activeElement === this.button;
    this.readAt.textContent = this.words.say("readAt", { page: this.page, hour: this.words.hour(at) });
    this.readAt.hidden = false;
    this.button.hidden = true;
    this.element.classList.add("inking");
    if (focused) this.readAt.focus({ preventScroll: true });
  }

  #percent() {
    let cells = this.known;
    let count = 0;
    for (; cells; cells &= cells - 1n) count += 1;
    return Math.round((count * 100) / (ROWS * COLUMNS));
  }

  /** The cells that lie inside `view` now, as a mask. A cell larger than the view counts by its middle. */
  cellsIn(view) {
    const slot = this.slot.getBoundingClientRect();
    const paper = this.paper.getBoundingClientRect();
    const left = Math.max(view.left, paper.left);
    const right = Math.min(view.right, paper.right);
    const rows = [...inside(slot.top, slot.height / ROWS, ROWS, view.top, view.bottom)];
    const columns = [...inside(slot.left, slot.width / COLUMNS, COLUMNS, left, right)];
    let mask = 0n;
    for (const row of rows) for (const column of columns) mask |= 1n << BigInt(row * COLUMNS + column);
    return mask;
  }

  /** Row and column of the first cell that nobody has seen yet; the first of all where the page is whole. */
  firstUnseen() {
    const cells = this.known | this.seen;
    for (let bit = 0; bit < ROWS * COLUMNS; bit += 1) {
      if (!(cells & (1n << BigInt(bit)))) return { row: Math.floor(bit / COLUMNS), column: bit % COLUMNS };
    }
    return { row: 0, column: 0 };
  }

  /** Where a cell's corner stands, in CSS pixels from the corner of the sheet. */
  corner({ row, column }) {
    const { width, height } = this.slot.getBoundingClientRect();
    return { left: (column * width) / COLUMNS, top: (row * height) / ROWS };
  }
}

function* inside(start, size, count, from, to) {
  for (let index = 0; index < count; index += 1) {
    const near = start + index * size;
    const far = near + size;
    const whole = near >= from - 1 && far <= to + 1;
    const middle = (near + far) / 2;
    if (whole || (size > to - from && middle > from && middle < to)) yield index;
  }
}
