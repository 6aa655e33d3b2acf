// After the end: shows the link to the dossier once it is sealed.

const PACE = 2000;

const status = document.querySelector("script[data-status]").dataset.status;

setTimeout(ask, PACE);

async function ask() {
  try {
    const answer = await fetch(status, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 403) return;
    if (answer.ok && (await answer.json()).next) return show();
  } catch {
    // The network may be away for a moment; the next question tells.
  }
  setTimeout(ask, PACE);
}

function show() {
  document.querySelector("[data-preparing]").hidden = true;
  document.querySelector("[data-prepared]").hidden = false;
  const said = document.querySelector("[data-said]");
  said.textContent = said.dataset.said;
}
