// Moving between places: to a page, to the part of it that is still to be seen; and what the row below a page does.

const ABOVE = 12;

/** Show a page from its first part not yet seen, and give it the focus. */
export function showTarget(folio, bar) {
  const { left, top } = folio.corner(folio.firstUnseen());
  const { paper, element } = folio;
  element.focus({ preventScroll: true });
  paper.scrollLeft = left;
  const from = paper.getBoundingClientRect().top + scrollY;
  scrollTo({ top: from + top - ABOVE, behavior: "instant" });
  bar.say("early", false);
}

/** Make the rows below the pages work: "J'ai lu la page N" and "Agrandir". */
export function onPage({ folios, server, words, bar, apply, pages }) {
  for (const folio of folios) {
    folio.button.addEventListener("click", (event) => {
      event.preventDefault();
      declare(folio, { server, bar, apply });
    });
    const button = folio.element.querySelector(".enlarge");
    button.hidden = false;
    button.addEventListener("click", () => enlarge(folio, button, { words, pages }));
  }
}

// The minimum time is the same for all; where it has not passed yet, the press is kept until it has.
async function declare(folio, { server, bar, apply }) {
  if (folio.declaring) return;
  folio.declaring = true;
  folio.button.setAttribute("aria-disabled", "true");
  try {
    for (let tries = 0; tries < 10; tries += 1) {
      const { ok, answer } = await server.post("declare", { document: folio.document, page: folio.page });
      bar.say("early", false);
      bar.say("unseen", false);
      bar.say("lost", false);
      if (ok) return apply(answer);
      if (answer.wait_ms === undefined) return refused(answer, bar);
      bar.say("early", true);
      await new Promise((done) => setTimeout(done, answer.wait_ms + 50));
    }
  } catch {
    bar.say("lost", true);
  } finally {
    folio.declaring = false;
    folio.button.removeAttribute("aria-disabled");
    bar.say("early", false);
  }
}

function refused({ error }, bar) {
  if (error === "session_over") bar.say("over", true);
  else if (error === "not_presented") bar.say("unseen", true);
}

// Enlarged, a page is twice as wide inside a box that scrolls sideways; the reader starts at its top.
function enlarge(folio, button, { words, pages }) {
  const { element, paper } = folio;
  const on = element.classList.toggle("enlarged");
  button.firstChild.textContent = words.say(on ? "reduce" : "enlarge");
  if (on) {
    paper.setAttribute("role", "group");
    paper.setAttribute("aria-label", words.say("enlarged", { page: folio.page }));
    paper.tabIndex = 0;
  } else {
    for (const name of ["role", "aria-label", "tabindex"]) paper.removeAttribute(name);
    paper.scrollLeft = 0;
  }
  const { top } = paper.getBoundingClientRect();
  scrollTo({ top: top + scrollY - ABOVE, behavior: "instant" });
  pages.draw();
}
