// Runs in the page before anything of it. Notes, in milliseconds since the navigation began: when title, list and
// actions were first painted, when the first page of the first document stood there drawn; and how far anything moved.
(() => {
  const noted = { shown: 0, drawn: 0, shift: 0 };
  globalThis.__bench = noted;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) noted.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  const room = (selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return Boolean(box && box.width && box.height);
  };
  // Drawn whole: pdf.js puts the canvas there at the first stroke, and takes the sign of loading away after the last.
  const here = {
    shown: () => room("h1") && room(".standing .rows") && room(".bar .sign") && room(".bar a.button"),
    drawn: () => Boolean(document.querySelector(".folio .page[data-loaded]:not(.loadingIcon) canvas")),
  };
  const look = () => {
    for (const [name, holds] of Object.entries(here)) {
      // What is there in this frame is painted at its end, and the next task comes after that.
      if (!noted[name] && holds()) {
        noted[name] = 1;
        const channel = new MessageChannel();
        channel.port1.onmessage = () => (noted[name] = performance.now());
        channel.port2.postMessage(0);
      }
    }
    if (noted.shown <= 1 || noted.drawn <= 1) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
