// After the end: shows the links to dossier and attestation once they are sealed.

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
  for (const each of document.querySelectorAll("[data-prepared]")) each.hidden = false;
  const said = document.querySelector("[data-said]");
  said.textContent = said.dataset.said;
}
