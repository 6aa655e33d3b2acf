// The landing page: fetches what the next page needs, once this one stands there whole and nothing of it is waited for:
// loaded, its faces there, the largest of it painted. Earlier it would vie with this page's own last paint.

const LATEST = 1000; // from a frame on, for browsers that do not tell what they have painted
const { addresses } = document.querySelector("script[data-addresses]").dataset;

if (document.readyState === "complete") settle();
else addEventListener("load", settle);

async function settle() {
  await document.fonts.ready;
  await Promise.race([told(), shown()]);
  // By requests of our own: WebKit knows no links of the kind "prefetch", and Firefox follows none that come later.
  for (const address of addresses.split(" ")) fetch(address, { priority: "low" }).then(whole).catch(() => {});
}

// Kept is what was read to its end; what does not come is asked for again by the page that needs it.
function whole(answer) {
  return answer.arrayBuffer();
}

function told() {
  return new Promise((done) => new PerformanceObserver(done).observe({ type: "largest-contentful-paint", buffered: true }));
}

// A page that is hidden has no frames: nothing is fetched for it.
function shown() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done, LATEST)));
}
