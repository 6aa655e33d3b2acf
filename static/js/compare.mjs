// A document as it was shown beside the signed one, the same page of both.

const address = (name) => document.querySelector(`link[data-part="${name}"]`).href;
const frame = document.querySelector("[data-pages]");
const count = Number(frame.dataset.pages);
const place = frame.querySelector("[data-page]");
const canvases = [...frame.querySelectorAll("canvas[data-source]")];
let number = 1;
let drawing = Promise.resolve();

try {
  const library = await import(address("pdf"));
  library.GlobalWorkerOptions.workerSrc = address("worker");
  const open = (canvas) => library.getDocument({ url: canvas.dataset.source, enableXfa: false, disableRange: true, disableStream: true }).promise;
  const files = await Promise.all(canvases.map(open));
  for (const button of frame.querySelectorAll("[data-turn]")) {
    button.addEventListener("click", () => turn(files, Number(button.dataset.turn)));
  }
  turn(files, 0);
} catch {
  place.textContent = frame.dataset.failed;
}

function turn(files, by) {
  number = Math.min(Math.max(number + by, 1), count);
  place.textContent = `${number} / ${count}`;
  for (const button of frame.querySelectorAll("[data-turn]")) {
    button.disabled = button.dataset.turn === "-1" ? number === 1 : number === count;
  }
  drawing = drawing.then(() => Promise.all(files.map((file, n) => draw(file, canvases[n]))));
}

async function draw(file, canvas) {
  const page = await file.getPage(number);
  const width = canvas.clientWidth * devicePixelRatio;
  const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
  canvas.dataset.drawn = number;
}
