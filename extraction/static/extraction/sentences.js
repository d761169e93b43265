// Sentences in the page's language, from its element #sentences; English where it has none.

const element = globalThis.document?.getElementById?.("sentences");
const catalogue = new Map(element ? Object.entries(JSON.parse(element.textContent)) : []);
export const language = globalThis.document?.documentElement?.lang || "en";

// The sentence with its %(name)s replaced, numbers as the language writes them.
export function gettext(sentence, values = {}) {
  return filled((catalogue.get(sentence) ?? [sentence])[0], values);
}

// The form for `count`, which is a value too. Languages with more than two forms need a rule of their own.
export function ngettext(one, many, count, values = {}) {
  return filled((catalogue.get(one) ?? [one, many])[count === 1 ? 0 : 1], { count, ...values });
}

function filled(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name) => (Object.hasOwn(values, name) ? written(values[name]) : whole));
}

function written(value) {
  return typeof value === "number" ? value.toLocaleString(language) : String(value);
}
