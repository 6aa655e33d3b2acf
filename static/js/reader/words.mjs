// What the scripts of the documents page say, in its language: texts that the page itself carries in `#words`. `{…}` in
// a text is filled in here.

const ZONE = "Europe/Paris";
const HOUR = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });

export class Words {
  constructor(element, language) {
    this.texts = element.dataset;
    this.language = language;
    this.plural = new Intl.PluralRules(language);
  }

  /** The text of that name, filled in. */
  say(name, values = {}) {
    return (this.texts[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  }

  /** The text of that name for so many: one, or more. */
  count(name, n, values = {}) {
    return this.say(`${name}${this.plural.select(n) === "one" ? "One" : "Other"}`, { n, ...values });
  }

  /** `14 h 29`, in English `14:29`. */
  hour(at) {
    const parts = Object.fromEntries(HOUR.formatToParts(at).map(({ type, value }) => [type, value]));
    if (this.language === "en") return `${parts.hour}:${parts.minute}`;
    return `${Number(parts.hour)}\u00a0h\u00a0${parts.minute}`;
  }
}
