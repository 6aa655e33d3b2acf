// A visit ends when the server has heard nothing for long. Two minutes before, this page says so; one press puts it off.
// Time is counted from the last answer, by the browser's own stopwatch: a clock that is wrong by a year changes nothing.
// The stopwatch stands still while a phone sleeps: who comes back to this page is told what the server says.
// A form is not sent while there is no network: the browser would put a page of its own in the place of what was typed.

const WARNED = 120;
const SLACK = 60; // the server writes down at most once a minute that it was asked something
const LOOK = 1000;

const script = document.querySelector("script[data-stay]");
const notice = document.querySelector(".session-ends");
const words = notice.querySelector("p");
const button = notice.querySelector("button");
const seconds = Number(script.dataset.seconds);
let heard = performance.now();
let over = false;
let unsent = false;

// A page that answered a form is asked for anew when it is come back to or loaded again, instead of the form being sent.
history.replaceState(history.state, "", location.href);

// Whatever this page asks the server and gets an answer to keeps the visit open.
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.name.startsWith(`${location.origin}/p/`)) heard = Math.max(heard, entry.responseEnd);
  }
}).observe({ type: "resource" });

setInterval(look, LOOK);
button.addEventListener("click", ask);
addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
addEventListener("pageshow", (event) => event.persisted && ask());
addEventListener("online", () => {
  unsent = false;
  look();
});
addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  unsent = true;
  look();
}, { capture: true });

async function ask() {
  const answer = await fetch(script.dataset.stay, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (answer?.ok) heard = performance.now();
  over = answer?.status === 403;
  look();
}

function look() {
  const left = seconds - SLACK - (performance.now() - heard) / 1000;
  if (unsent) say("unsent");
  else if (over || left <= 0) say("over");
  else if (left <= WARNED) say("said");
  else notice.hidden = true;
}

function say(name) {
  if (words.textContent !== words.dataset[name]) words.textContent = words.dataset[name];
  button.hidden = name !== "said";
  notice.hidden = false;
}
