// The landing page: fetches what the next page needs, once this one stands there whole and nothing of it is waited for:
// loaded, its faces there, the largest of it painted. Earlier it would vie with this page's own last paint.

const LATEST = 1000; // from a frame on, for browsers that do not tell what they have painted
const { addresses } = document.querySelector("script[data-addresses]").dataset;

if (document.readyState === "complete") settle();
else addEventListener("load", settle);

async function settle() {
  await document.fonts.ready;
  await Promise.race([told(), shown()]);
  for (const href of addresses.split(" ")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href }));
  }
}

function told() {
  return new Promise((done) => new PerformanceObserver(done).observe({ type: "largest-contentful-paint", buffered: true }));
}

// A page that is hidden has no frames: nothing is fetched for it.
function shown() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done, LATEST)));
}
