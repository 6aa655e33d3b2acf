// The boxes of "Votre accord" and the mentions to be typed: each change is sent at once, one after the other; a box shows
// what the server holds, and the server says whether words are those asked for.

export class Consents {
  constructor({ server, words, bar, apply }) {
    Object.assign(this, { server, words, bar, apply });
    this.form = document.getElementById("signature");
    this.problem = this.form.querySelector(".problem");
    this.turn = Promise.resolve();
    for (const box of this.form.querySelectorAll("input[type=checkbox]")) {
      box.addEventListener("change", () => this.#changed(box));
    }
    for (const field of this.form.querySelectorAll(".mention input")) {
      field.addEventListener("change", () => this.#typed(field));
      field.addEventListener("keydown", (event) => this.#key(event, field));
    }
  }

  #changed(box) {
    const { checked } = box;
    this.turn = this.turn.then(() => this.#send(box, checked));
  }

  async #send(box, checked) {
    const answer = await this.#post({ consent: box.value, checked: String(checked) });
    if (!answer) box.checked = !checked;
    this.problem.textContent = answer ? "" : this.words.say("unsaved");
  }

  // Enter is the end of typing, not SIGNER.
  #key(event, field) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.#typed(field);
  }

  #typed(field) {
    const typed = field.value;
    this.turn = this.turn.then(() => this.#write(field, typed));
  }

  async #write(field, typed) {
    const answer = await this.#post({ consent: field.dataset.consent, typed });
    this.problem.textContent = answer ? "" : this.words.say("unsavedMention");
    if (!answer || field.value !== typed) return;
    const differs = !answer.accepted && typed.trim() !== "";
    const place = field.closest(".mention");
    place.toggleAttribute("data-accepted", answer.accepted);
    place.classList.toggle("wrong", differs);
    field.setAttribute("aria-invalid", String(differs));
    place.querySelector(".error").textContent = differs ? this.words.say("differs", { mention: field.dataset.wanted }) : "";
  }

  /** What the server answered, where it took the change. */
  async #post(body) {
    try {
      const { ok, answer } = await this.server.post("consent", body);
      if (ok) this.apply(answer);
      else if (answer.error === "session_over") this.bar.say("over", true);
      return ok ? answer : null;
    } catch {
      return null; // told as any other refusal
    }
  }
}
