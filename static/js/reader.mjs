// The documents page: puts its parts together. Each part is a module whose address the page itself names, so that
// every file can carry its digest in its name and be kept for ever; no part imports another.

const part = (name) => import(document.querySelector(`link[data-part="${name}"]`).href);
const address = (name) => document.querySelector(`link[data-part="${name}"]`).href;
const root = document.getElementById("lecture");

const [{ Renderer }, { Server }, { Folio }, { Pages }, { Reading }, { Bar }, { Consents }, { onPage, showTarget }] =
  await Promise.all(["renderer", "server", "folio", "pages", "reading", "bar", "consents", "places"].map(part));

const server = new Server({
  token: document.querySelector("#signature [name=csrfmiddlewaretoken]").value,
  urls: root.dataset,
});
const folios = [...document.querySelectorAll(".document")].flatMap((section) =>
  [...section.querySelectorAll(".folio")].map((element) => new Folio(element, section)),
);
const find = (number, page) => folios.find((each) => each.document === number && each.page === page);

const renderer = new Renderer({
  addresses: { library: address("pdf"), viewer: address("viewer"), worker: address("worker") },
  data: root.dataset.pdfjs,
  onLink: (number, page) => find(number, page) && showTarget(find(number, page), bar),
});
const pages = new Pages({ folios, renderer });
const bar = new Bar({ root, find, showTarget, goOn: () => reading.settle() });
const reading = new Reading({ pages, server, bar, apply });
new Consents({ server, bar, apply });
onPage({ folios, server, bar, apply, pages });

// What the server says after anything sent: the only thing that inks a mark or opens SIGNER.
function apply(standing) {
  for (const page of standing.pages) find(page.document, page.page)?.apply(page);
  bar.apply(standing);
}
