// Hours on these pages are those of Paris. Where the device keeps another time of day, the page says so on top.

const place = document.querySelector("[data-zone]");
const at = new Date();
const told = (timeZone) => new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeStyle: "short", timeZone }).format(at);

if (told(place.dataset.zone) !== told(undefined)) {
  place.parentElement.prepend(place);
  place.hidden = false;
}
