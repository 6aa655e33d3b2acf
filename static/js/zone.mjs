// Hours on these pages are those of Paris. Where the device keeps another time of day, the page says so.

const places = document.querySelectorAll("[data-zone]");
const at = new Date();
const told = (timeZone) => new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeStyle: "short", timeZone }).format(at);

for (const place of places) place.hidden = told(place.dataset.zone) === told(undefined);
