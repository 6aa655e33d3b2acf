// The progress page: asks the server how far the signature is and writes what it answers.

const PACE = 1000;
const SLOW = 4000;
const AWAY = 3;

const status = document.querySelector("script[data-status]").dataset.status;
// Both languages tell a time of day to the second alike.
const time = new Intl.DateTimeFormat("fr-FR", { timeStyle: "medium", timeZone: "Europe/Paris" });
const said = document.querySelector("[data-said]");
const waiting = document.querySelector("[data-waiting]");
let asked = 0;
let missed = 0;

ask();

async function ask() {
  try {
    const answer = await fetch(status, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 403) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    missed = 0;
    if (told.next) return location.replace(told.next);
    show(told);
  } catch {
    missed += 1;
    if (missed === AWAY) write(waiting, said.dataset.away);
  }
  asked += 1;
  setTimeout(ask, asked < 60 ? PACE : SLOW);
}

function show(told) {
  told.steps.forEach(showStep);
  write(waiting, told.waiting.replace(/ ([;:?!])/g, "\u00a0$1"));
  document.querySelector("[data-ready]").hidden = told.state !== "SIGNED";
}

function showStep(step) {
  const row = document.querySelector(`[data-step="${step.key}"]`);
  if (!row || row.className === step.state) return;
  row.className = step.state;
  const done = step.state === "done";
  row.querySelector("[data-done]").hidden = !done;
  const word = done ? time.format(new Date(step.at)) : step.state === "running" ? said.dataset.running : said.dataset.todo;
  write(row.querySelector("[data-word]"), word);
  if (done) write(said, said.dataset.said.replace("{step}", step.title));
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
