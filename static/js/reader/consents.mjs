// The boxes of "Votre accord": each change is sent at once, one after the other; a box shows what the server holds.

export class Consents {
  constructor({ server, words, bar, apply }) {
    Object.assign(this, { server, words, bar, apply });
    this.form = document.getElementById("signature");
    this.problem = this.form.querySelector(".problem");
    this.turn = Promise.resolve();
    for (const box of this.form.querySelectorAll("input[type=checkbox]")) {
      box.addEventListener("change", () => this.#changed(box));
    }
  }

  #changed(box) {
    const { checked } = box;
    this.turn = this.turn.then(() => this.#send(box, checked));
  }

  async #send(box, checked) {
    let taken = false;
    try {
      const { ok, answer } = await this.server.post("consent", { consent: box.value, checked: String(checked) });
      taken = ok;
      if (ok) this.apply(answer);
      else if (answer.error === "session_over") this.bar.say("over", true);
    } catch {
      // told below, as any other refusal
    }
    if (!taken) box.checked = !checked;
    this.problem.textContent = taken ? "" : this.words.say("unsaved");
  }
}
