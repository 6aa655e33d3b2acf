// pdf.js, legacy build: opens documents and draws one page into its slot. Nothing in a PDF runs: no scripts, no XFA, no
// forms to fill in, no links out.

const CHUNK = 65_536;
const MAX_IMAGE = 128_000_000; // pixels
const SMALL = matchMedia("(width < 760px)");
const PIXELS = { small: 5_242_880, large: 16_777_216 };
const PATIENCE = { open: 120_000, draw: 60_000 };

export class Renderer {
  constructor({ addresses, data, wholeBelow, coming, onLink, onPlain }) {
    Object.assign(this, { addresses, data, wholeBelow, coming, onLink, onPlain });
    this.documents = new Map();
    this.ready = this.#start();
    // An old browser, or one whose worker is kept from starting: the server draws the pages, each is declared read.
    this.plain = false;
    this.ready.catch(() => (this.plain = true));
  }

  async #start() {
    const worker = this.#worker();
    const broken = new Promise((_, reject) => {
      worker.addEventListener("error", () => reject(new Error("the worker of pdf.js did not start")), { once: true });
    });
    broken.catch(() => (this.plain = true));
    this.library = await import(this.addresses.library);
    this.viewer = await import(this.addresses.viewer);
    this.library.GlobalWorkerOptions.workerPort = worker;
    this.broken = broken;
    // On a small screen three device pixels for one are memory that nobody sees.
    Object.defineProperty(this.library.OutputScale, "pixelRatio", {
      get: () => Math.min(devicePixelRatio || 1, SMALL.matches ? 2 : 4),
    });
    this.bus = new this.viewer.EventBus();
    // The text is read and selected like any other: it is no stop for the keyboard on its way to the buttons.
    this.bus.on("textlayerrendered", ({ source }) => source.textLayer?.div.removeAttribute("tabindex"));
  }

  // Under Trusted Types a plain address would be refused, and pdf.js would go on without a worker and without a word.
  #worker() {
    const expected = this.addresses.worker;
    const policy = globalThis.trustedTypes?.createPolicy("paraphe-worker", {
      createScriptURL(address) {
        if (address !== expected) throw new TypeError("no other worker is started");
        return address;
      },
    });
    return new Worker(policy ? policy.createScriptURL(expected) : expected, { type: "module" });
  }

  /** Open the document of a folio once; a failure is forgotten, so that it can be tried again. */
  #open(folio) {
    const { number, url, size } = folio.section.dataset;
    if (!this.documents.has(number)) {
      const opened = inTime(this.#load(Number(number), url, Number(size)), PATIENCE.open);
      opened.catch(() => this.documents.delete(number));
      this.documents.set(number, opened);
    }
    return this.documents.get(number);
  }

  // A small document is fetched while the library still is; of a large one pdf.js asks for the parts it needs.
  async #load(number, url, size) {
    const small = size <= this.wholeBelow;
    const [source] = await Promise.all([small ? this.#whole(url) : { url, rangeChunkSize: CHUNK }, this.ready]);
    const task = this.library.getDocument({
      ...source,
      disableStream: true,
      disableAutoFetch: true,
      enableXfa: false,
      maxImageSize: MAX_IMAGE,
      // The browser's own decoder of pictures gives their memory back late: 50 scans took 990 MB with it, 560 without.
      ...(SMALL.matches ? { isImageDecoderSupported: false } : {}),
      cMapUrl: `${this.data}cmaps/`,
      standardFontDataUrl: `${this.data}standard_fonts/`,
      wasmUrl: `${this.data}wasm/`,
      iccUrl: `${this.data}iccs/`,
      verbosity: this.library.VerbosityLevel.ERRORS,
    });
    const pdf = await Promise.race([task.promise, this.broken]);
    return { pdf, links: this.#links(number, pdf) };
  }

  // One that is on its way already is waited for, once: after a failure it is asked for anew.
  async #whole(url) {
    const asked = this.coming.get(url) ?? fetch(url, { credentials: "same-origin" });
    this.coming.delete(url);
    const response = await asked;
    if (!response.ok) throw new Error(`the document was not served: ${response.status}`);
    return { data: await response.arrayBuffer() };
  }

  #links(number, pdf) {
    const { onLink } = this;
    class Links extends this.viewer.SimpleLinkService {
      addLinkAttributes() {} // a link out of the document leads nowhere
      executeNamedAction() {}
      executeSetOCGState() {}
    }
    const links = new Links({ eventBus: this.bus });
    links.pdfDocument = pdf;
    links.pdfViewer = { scrollPageIntoView: ({ pageNumber }) => onLink(number, pageNumber) };
    return links;
  }

  /** Draw `folio` in the width it has now. Gives whether it stands there whole; raises where it cannot be had. */
  async draw(folio) {
    const opened = await this.#open(folio).catch((error) => {
      if (!this.plain) throw error;
    });
    if (!opened) return this.#picture(folio);
    const { pdf, links } = opened;
    folio.view ??= await inTime(this.#view(folio, pdf, links), PATIENCE.draw);
    const { view } = folio;
    const scale = this.#scale(folio);
    if (view.renderingState !== this.viewer.RenderingStates.INITIAL || Math.abs(view.scale - scale) > 1e-4) {
      view.update({ scale });
    }
    folio.drawnAt = { width: folio.slot.clientWidth, ratio: devicePixelRatio };
    await inTime(view.draw(), PATIENCE.draw);
    return folio.view === view && view.renderingState === this.viewer.RenderingStates.FINISHED;
  }

  /** The server's picture of a page. It counts as read by its button alone, so nothing of it is told as seen. */
  async #picture(folio) {
    const image = Object.assign(new Image(), { className: "picture", alt: folio.words.say("picture", folio) });
    image.src = folio.element.dataset.picture;
    await inTime(image.decode(), PATIENCE.draw);
    folio.element.querySelector(".pdfViewer").replaceChildren(image);
    folio.drawnAt = { width: folio.slot.clientWidth, ratio: devicePixelRatio };
    folio.pictured = true;
    this.onPlain();
    return true;
  }

  async #view(folio, pdf, linkService) {
    const page = await pdf.getPage(folio.page);
    const view = new this.viewer.PDFPageView({
      container: folio.element.querySelector(".pdfViewer"),
      eventBus: this.bus,
      id: folio.page,
      scale: 1,
      defaultViewport: page.getViewport({ scale: 1 }),
      layerProperties: { linkService, annotationStorage: pdf.annotationStorage, enableScripting: false },
      annotationMode: this.library.AnnotationMode.ENABLE,
      annotationEditorMode: this.library.AnnotationEditorType.DISABLE,
      textLayerMode: 1,
      enableAutoLinking: false,
      enableDetailCanvas: false,
      enableSelectionRendering: false,
      maxCanvasPixels: SMALL.matches ? PIXELS.small : PIXELS.large,
      imageResourcesPath: `${this.data}images/`,
      l10n: { pause() {}, resume() {}, async translate() {} },
    });
    for (const name of ["role", "data-l10n-id", "data-l10n-args"]) view.div.removeAttribute(name); // the folio is the region
    view.setPdfPage(page);
    return view;
  }

  // Page and slot have one shape; where they should differ the page is shown smaller, never cut.
  #scale(folio) {
    const { width, height } = folio.view.pdfPage.getViewport({ scale: this.library.PixelsPerInch.PDF_TO_CSS_UNITS });
    const { clientWidth, clientHeight } = folio.slot;
    return Math.min(clientWidth / width, (clientHeight + 1) / height);
  }

  /** Give back what a page that is far away holds. */
  drop(folio) {
    folio.view?.destroy();
    folio.view?.div.remove();
    folio.view = null;
    folio.element.querySelector(".pdfViewer > .picture")?.remove();
  }
}

// A connection that neither answers nor breaks must not hold up all other pages.
async function inTime(promise, patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
