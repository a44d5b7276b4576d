// A result as a table: filtered, sorted, a hundred rows at a time.
import { counted, element, say } from "./elements.js";
import { addressOf, labelOf, shortened } from "./vocabulary.js";

const STEP = 100;
const NUMBER = /[#/](?:integer|decimal|double|float|int|long|nonNegativeInteger)$/;

/** Tell whether a column holds numbers and nothing else. */
export function isNumeric(result, column) {
  const bound = result.rows.filter((row) => row[column]);
  return bound.length > 0 && bound.every((row) => NUMBER.test(row[column].datatype ?? ""));
}

/** Return a term as text to compare and search. */
export const textOf = (value) =>
  value === undefined ? "" : value.type === "uri" ? labelOf(value.value) || shortened(value.value) : value.value;

function shown(value) {
  if (value === undefined) return [];
  if (value.type === "bnode") return [element("span", { class: "soft" }, `_:${value.value}`)];
  if (value.type !== "uri") {
    const tag = value["xml:lang"];
    return tag ? [value.value, element("small", { class: "tag" }, tag)] : [value.value];
  }
  const address = addressOf(value.value);
  const name = shortened(value.value);
  const rel = address.startsWith("/") ? null : "noreferrer";
  const link = address ? element("a", { href: address, title: value.value, rel }, name) : name;
  const label = labelOf(value.value);
  return label ? [link, element("small", { class: "label" }, label)] : [link];
}

function compare(first, second, isNumber) {
  if (!first || !second) return first ? -1 : second ? 1 : 0;
  if (isNumber) return Number(first.value) - Number(second.value);
  return textOf(first).localeCompare(textOf(second), document.documentElement.lang);
}

function matches(row, columns, wanted) {
  return columns.some((column) => {
    const value = row[column];
    if (value === undefined) return false;
    const text = `${value.value} ${value.type === "uri" ? labelOf(value.value) : ""}`;
    return text.toLowerCase().includes(wanted);
  });
}

/** Draw a result into a box. */
export function drawTable(box, result) {
  const numbers = new Set(result.columns.filter((column) => isNumeric(result, column)));
  let sorted = { column: null, isDown: false };
  let wanted = "";
  let most = STEP;
  const body = element("tbody");
  const found = element("span", { class: "soft small", role: "status" });
  const more = element("button", { class: "quiet", type: "button" }, say("more"));
  more.addEventListener("click", () => {
    most += 5 * STEP;
    fill();
  });
  const heads = result.columns.map((column) => {
    const button = element("button", { type: "button", title: say("sort") }, column);
    const head = element("th", { scope: "col", class: numbers.has(column) ? "number" : null }, button);
    button.addEventListener("click", () => {
      sorted = { column, isDown: sorted.column === column && !sorted.isDown };
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sorted.isDown ? "descending" : "ascending");
      fill();
    });
    return head;
  });

  function fill() {
    const rows = wanted ? result.rows.filter((row) => matches(row, result.columns, wanted)) : [...result.rows];
    if (sorted.column) {
      const sign = sorted.isDown ? -1 : 1;
      const isNumber = numbers.has(sorted.column);
      rows.sort((a, b) => sign * compare(a[sorted.column], b[sorted.column], isNumber));
    }
    body.replaceChildren(
      ...rows.slice(0, most).map((row) =>
        element(
          "tr",
          {},
          ...result.columns.map((column) =>
            element("td", { class: numbers.has(column) ? "number" : null }, ...shown(row[column])),
          ),
        ),
      ),
    );
    found.textContent = wanted ? counted(rows.length) : "";
    more.hidden = rows.length <= most;
  }

  const search = element("input", { type: "search", "aria-label": say("filter"), placeholder: say("filter") });
  search.addEventListener("input", () => {
    wanted = search.value.trim().toLowerCase();
    fill();
  });
  fill();
  const table = element(
    "table",
    { class: "rows" },
    element("caption", { class: "unseen" }, say("table")),
    element("thead", {}, element("tr", {}, ...heads)),
    body,
  );
  if (result.rows.length > 10) box.append(element("p", { class: "sieve" }, search, found));
  box.append(element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": say("table") }, table), more);
}

