// The preview of a client's stamp: the first page of a PDF on a canvas, as sharp as the screen.

const address = (name) => document.querySelector(`link[data-part="${name}"]`).href;
const canvas = document.querySelector("canvas[data-preview]");
const library = await import(address("pdf"));
library.GlobalWorkerOptions.workerSrc = address("worker");

const pdf = await library.getDocument({ url: canvas.dataset.preview, enableXfa: false }).promise;
const page = await pdf.getPage(1);
const width = canvas.clientWidth * devicePixelRatio;
const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
canvas.width = viewport.width;
canvas.height = viewport.height;
await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
canvas.dataset.drawn = "";
