// The boxes of "Votre accord" and the mentions to be typed: each change is sent at once, one after the other; a box shows
// what the server holds, and the server says whether words are those asked for. Who comes back to this page is shown
// what was read and agreed to meanwhile, in another tab or on another device.

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
    addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#back());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#back());
  }

  #back() {
    const turn = this.turn.then(() => this.#look(() => this.turn === turn));
    this.turn = turn;
  }

  // What was changed here while the answer was on its way is newer than the answer.
  async #look(isLast) {
    const { ok, answer } = await this.server.get("standing").catch(() => ({}));
    if (answer?.error === "session_over") this.bar.say("over", true);
    if (!ok || !isLast()) return;
    if (answer.open === this.form.querySelector("fieldset").disabled) {
      location.reload();
      return;
    }
    this.apply(answer);
    for (const { id, checked, typed, accepted } of answer.consents) {
      document.getElementById(`accord-${id}`).checked = checked;
      const field = document.getElementById(`mention-${id}`);
      if (!field || field === document.activeElement) continue;
      field.value = typed;
      this.#judge(field, accepted);
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
    if (answer && field.value === typed) this.#judge(field, answer.accepted);
  }

  #judge(field, accepted) {
    const differs = !accepted && field.value.trim() !== "";
    const place = field.closest(".mention");
    place.toggleAttribute("data-accepted", accepted);
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
