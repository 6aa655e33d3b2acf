// The landing page: fetches what the next page needs, once this one stands there whole and nothing of it is waited for.

const { addresses } = document.querySelector("script[data-addresses]").dataset;

if (document.readyState === "complete") fetchAhead();
else addEventListener("load", fetchAhead);

function fetchAhead() {
  for (const href of addresses.split(" ")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href }));
  }
}
