// Elements, words and numbers: what every part of the workbench builds its output from.
// Data only ever becomes text or the value of an attribute, never markup.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export const language = document.documentElement.lang;

/** What the server gives the scripts: words in the page's language, the base of our IRIs. */
export const page = JSON.parse(byId("page-data").textContent);

/** Return a word or sentence in the page's language with its {fields} filled. */
export function say(name, values = {}) {
  return page.words[name].replace(/\{(\w+)\}/g, (_, field) => values[field]);
}

export const number = (value, digits = 0) =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Return a number of rows in words. */
export const counted = (n) => say(n === 1 ? "row" : "rows", { n: number(n) });

/** Return an HTML element; `on…` of the properties are listeners, children are nodes or texts. */
export function element(name, properties = {}, ...children) {
  return filled(document.createElement(name), properties, children);
}

/** Return an SVG element. */
export function drawn(name, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, name), properties, children);
}

function filled(made, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children);
  return made;
}

let selects = 0;

/** Return a labelled select; `change` gets the chosen value. */
export function choice(label, options, chosen, change) {
  const id = `choice-${(selects += 1)}`;
  const select = element("select", { id, onchange: (event) => change(event.target.value) });
  for (const [value, text] of options) {
    select.append(element("option", { value, selected: String(value) === String(chosen) }, text));
  }
  return element("span", { class: "choice" }, element("label", { for: id }, label), select);
}

/** Let arrow keys move along tabs, as the ARIA pattern for tabs says. */
export function moveAlong(tabs) {
  tabs.forEach((tab, position) => {
    tab.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -position, End: -1 - position };
      if (!(event.key in steps)) return;
      event.preventDefault();
      const next = tabs[(position + steps[event.key] + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  });
}
