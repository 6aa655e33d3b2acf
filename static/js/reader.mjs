// The documents page: puts its parts together. Each part is a module whose address the page itself names, so that
// every file can carry its digest in its name and be kept for ever; no part imports another.

const part = (name) => import(document.querySelector(`link[data-part="${name}"]`).href);
const address = (name) => document.querySelector(`link[data-part="${name}"]`).href;
const root = document.getElementById("lecture");
const WHOLE_BELOW = 2_000_000; // octets: one GET; above, ranges

// The first document is asked for at once: it comes while what draws it still starts.
const [first] = document.querySelectorAll(".document");
const coming = new Map();
if (Number(first.dataset.size) <= WHOLE_BELOW) {
  coming.set(first.dataset.url, fetch(first.dataset.url, { credentials: "same-origin" }));
  coming.get(first.dataset.url).catch(() => {}); // who waits for it tells
}

const [renderers, servers, texts, sheets, scroll, readings, bars, boxes, { onPage, showTarget }] = await Promise.all(
  ["renderer", "server", "words", "folio", "pages", "reading", "bar", "consents", "places"].map(part),
);

const server = new servers.Server({
  token: document.querySelector("#signature [name=csrfmiddlewaretoken]").value,
  urls: root.dataset,
});
const words = new texts.Words(document.getElementById("words"), document.documentElement.lang);
const folios = [...document.querySelectorAll(".document")].flatMap((section) =>
  [...section.querySelectorAll(".folio")].map((element) => new sheets.Folio(element, section, words)),
);
const find = (number, page) => folios.find((each) => each.document === number && each.page === page);

const renderer = new renderers.Renderer({
  addresses: { library: address("pdf"), viewer: address("viewer"), worker: address("worker") },
  data: root.dataset.pdfjs,
  wholeBelow: WHOLE_BELOW,
  coming,
  onPlain: () => bar.next && bar.say("pictures", true),
  onLink: (number, page) => find(number, page) && showTarget(find(number, page), bar),
});
const pages = new scroll.Pages({ folios, renderer });
const bar = new bars.Bar({ root, words, find, showTarget, goOn: () => Promise.all([reading.settle(), consents.turn]) });
const reading = new readings.Reading({ pages, server, bar, apply });
const consents = new boxes.Consents({ server, words, bar, apply });
onPage({ folios, server, words, bar, apply, pages });

// What the server says after anything sent: the only thing that inks a mark or opens SIGNER.
function apply(standing) {
  for (const page of standing.pages) find(page.document, page.page)?.apply(page);
  bar.apply(standing);
}
