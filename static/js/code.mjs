// The code page: waits for the code to have gone out, and says when a new one may be asked for.

const PACE = 1500;
const AWAY = 3; // questions without an answer until the page says so

const status = document.querySelector("script[data-status]")?.dataset.status;
const waiting = document.querySelector("[data-waiting]");
const told = waiting?.textContent;
let missed = 0;
if (status) wait();

const resend = document.querySelector(".resend[data-seconds]");
if (resend) countDown(resend, Date.now() + Number(resend.dataset.seconds) * 1000);

async function wait() {
  try {
    const answer = await fetch(status, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 403) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    if (!(await answer.json()).pending) return location.reload();
    missed = 0;
  } catch {
    missed += 1;
  }
  const text = missed < AWAY ? told : waiting.dataset.away;
  if (waiting.textContent !== text) waiting.textContent = text;
  setTimeout(wait, PACE);
}

function countDown(place, end) {
  const seconds = Math.ceil((end - Date.now()) / 1000);
  if (seconds > 0) {
    place.querySelector("[data-left]").textContent = inWords(seconds, place.querySelector("[data-said]").dataset);
    setTimeout(countDown, 1000 - ((Date.now() - end) % 1000 + 1000) % 1000 || 1000, place, end);
    return;
  }
  place.querySelector("[data-wait]").hidden = true;
  place.querySelector("[data-ask]").hidden = false;
  const said = place.querySelector("[data-said]");
  said.textContent = said.dataset.said;
}

// The page says how: "in {n} minutes" and the like, in its language.
function inWords(left, { minutes, seconds, second }) {
  if (left > 90) return minutes.replace("{n}", Math.ceil(left / 60));
  return left === 1 ? second : seconds.replace("{n}", left);
}
