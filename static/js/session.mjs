// A visit ends when the server has heard nothing for long. Two minutes before, this page says so; one press puts it off.
// Time is counted from the last answer, by the browser's own stopwatch: a clock that is wrong by a year changes nothing.

const WARNED = 120;
const SLACK = 60; // the server writes down at most once a minute that it was asked something
const LOOK = 1000;

const script = document.querySelector("script[data-stay]");
const notice = document.querySelector(".session-ends");
const words = notice.querySelector("p");
const button = notice.querySelector("button");
const seconds = Number(script.dataset.seconds);
let heard = performance.now();

// Whatever this page asks the server and gets an answer to keeps the visit open.
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.name.startsWith(`${location.origin}/p/`)) heard = Math.max(heard, entry.responseEnd);
  }
}).observe({ type: "resource" });

setInterval(() => {
  const left = seconds - SLACK - (performance.now() - heard) / 1000;
  if (left > WARNED) notice.hidden = true;
  else say(left > 0 ? "said" : "over");
}, LOOK);

button.addEventListener("click", async () => {
  const answer = await fetch(script.dataset.stay, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    heard = performance.now();
    notice.hidden = true;
  } else if (answer) say("over");
});

function say(name) {
  if (words.textContent !== words.dataset[name]) words.textContent = words.dataset[name];
  button.hidden = name === "over";
  notice.hidden = false;
}
