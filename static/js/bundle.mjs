// The bar of an export: asks how far it is, and loads the page again once it has ended.

const PACE = 1000;
const status = document.querySelector("script[data-status]").dataset.status;
const bar = document.querySelector("progress");
const said = document.querySelector("[data-said]");

setTimeout(ask, PACE / 4);

async function ask() {
  try {
    const answer = await fetch(status, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" });
    if (answer.status === 404) return location.reload();
    const told = await answer.json();
    bar.value = told.done;
    said.textContent = `${told.done} / ${told.total}`;
    if (told.state !== "QUEUED") return location.reload();
  } catch {
    // The network may be away for a moment; the next question tells.
  }
  setTimeout(ask, PACE);
}
