// A result on the map of districts: shaded by a number, and points where it has coordinates.
import { choice, drawn, element, number, say } from "./elements.js";
import { note, numericColumns, textOf, valueOf, withChoices, wordColumns } from "./pictures.js";
import { termOf } from "./vocabulary.js";

const DISTRICT = /(?:districtKey\/)?(16\d{3})$/;
const SHADES = 5;
let loading = null;

function districtOf(value) {
  if (!value) return null;
  const term = termOf(value.value);
  if (term?.district) return term.district.match(DISTRICT)?.[1] ?? null;
  const isDistrict = value.type === "uri" ? value.value.includes("districtKey/") : /^16\d{3}$/.test(value.value);
  return isDistrict ? (value.value.match(DISTRICT)?.[1] ?? null) : null;
}

/** Return the column that says where a row belongs, or null. */
function placeColumn(result) {
  const sample = result.rows.slice(0, 200);
  const counts = result.columns.map((column) => sample.filter((row) => districtOf(row[column])).length);
  const best = Math.max(0, ...counts);
  return best > 0 ? result.columns[counts.indexOf(best)] : null;
}

function pointColumns(result) {
  const numbers = numericColumns(result);
  const latitude = numbers.find((column) => /^(?:lat|breite)/i.test(column));
  const longitude = numbers.find((column) => /^(?:lon|lng|laenge)/i.test(column));
  return latitude && longitude ? { latitude, longitude } : null;
}

export const isMappable = (result) => Boolean(pointColumns(result) || placeColumn(result));

function load() {
  loading ??= fetch("/api/v1/districts")
    .then((answer) => answer.json())
    .then(({ data }) => data);
  return loading;
}

/** Return for each district its number: the sum of a column, or how many rows there are. */
function sums(result, place, column) {
  const found = new Map();
  for (const row of result.rows) {
    const key = districtOf(row[place]);
    if (key) found.set(key, (found.get(key) ?? 0) + (column ? valueOf(row, column) : 1));
  }
  return found;
}

function districtShapes(map, found) {
  const most = Math.max(1, ...found.values());
  return map.districts.map((district) => {
    const value = found.get(district.key) ?? 0;
    const shade = value > 0 ? Math.max(1, Math.ceil((SHADES * value) / most)) : 0;
    const group = drawn("g", {}, drawn("path", { class: `shade-${shade}`, d: district.path }));
    group.append(drawn("title", {}, `${district.name}: ${number(value, value % 1 ? 2 : 0)}`));
    if (value) {
      const text = number(value, value % 1 ? 1 : 0);
      group.append(drawn("text", { class: "count", x: district.x, y: district.y + 5 }, text));
    }
    return group;
  });
}

function points(map, result, { latitude, longitude }) {
  const { west, north, scale, squeeze, margin } = map.projection;
  const label = wordColumns(result)[0];
  return result.rows
    .filter((row) => row[latitude] && row[longitude])
    .map((row) => {
      const cx = margin + (valueOf(row, longitude) - west) * squeeze * scale;
      const cy = margin + (north - valueOf(row, latitude)) * scale;
      const title = drawn("title", {}, label ? textOf(row[label]) : "");
      return drawn("circle", { class: "point", cx: cx.toFixed(1), cy: cy.toFixed(1), r: 5 }, title);
    });
}

function list(map, found) {
  const rows = map.districts
    .map((district) => [district.name, found.get(district.key) ?? 0])
    .filter(([, value]) => value)
    .sort((a, b) => b[1] - a[1]);
  const cells = rows.map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", { class: "number" }, number(value, value % 1 ? 2 : 0))),
  );
  return element("details", {}, element("summary", {}, say("asTable")), element("table", {}, element("tbody", {}, ...cells)));
}

/** Draw a result into a box. */
export async function drawMap(box, result) {
  const map = await load();
  const place = placeColumn(result);
  const coordinates = pointColumns(result);
  const numbers = numericColumns(result).filter((n) => !coordinates || !Object.values(coordinates).includes(n));
  let column = numbers[0] ?? "";
  const options = [["", say("rowsOf")], ...numbers.map((name) => [name, name])];
  const choices = [];
  if (place && numbers.length) {
    choices.push(choice(say("shadedBy"), options, column, (value) => ((column = value), again())));
  }
  const again = withChoices(box, choices, (canvas) => {
    const found = place ? sums(result, place, column) : new Map();
    const title = say(coordinates ? "pointsOnMap" : "districtsOnMap");
    const picture = drawn("svg", { class: "map", viewBox: `0 0 ${map.width} ${map.height}`, role: "img", "aria-label": title });
    picture.append(...districtShapes(map, found), ...(coordinates ? points(map, result, coordinates) : []));
    const link = element("a", { href: "https://www.bkg.bund.de" }, "© GeoBasis-DE / BKG");
    const source = element("span", { lang: "de" }, link, " (Daten verändert)");
    canvas.append(element("figure", {}, picture, element("figcaption", {}, `${say("map")}: `, source)));
    if (found.size) canvas.append(note(column ? "sumOf" : "rowsByDistrict", { column }), list(map, found));
  });
}

