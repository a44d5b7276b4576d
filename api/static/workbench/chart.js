// A result as a chart: bars of a number, a line over years, points of two numbers.
import { scaleBand, scaleLinear, scalePoint } from "../vendor/workbench/drawing.js";
import { choice, drawn, element, number, say } from "./elements.js";
import { note, numericColumns, textOf, valueOf, withChoices, wordColumns } from "./pictures.js";

const MOST = 60;
const MOST_DOTS = 2000;
const WIDTH = 860;
const YEAR = /[#/](?:gYear|gYearMonth|date|dateTime)$/;

export const isChartable = (result) => result.rows.length > 1 && numericColumns(result).length > 0;

const digits = (value) => (Number.isInteger(value) ? 0 : 2);
const shortened = (text) => (text.length > 34 ? `${text.slice(0, 33)}…` : text);

function axis(scale, top, bottom) {
  return scale.ticks(6).flatMap((tick) => [
    drawn("line", { class: "grid", x1: scale(tick), x2: scale(tick), y1: top, y2: bottom }),
    drawn("text", { class: "tick", x: scale(tick), y: bottom + 18 }, number(tick, digits(tick))),
  ]);
}

function bars(rows) {
  const left = 250;
  const height = rows.length * 26 + 34;
  const least = Math.min(0, ...rows.map((row) => row.value));
  const x = scaleLinear([least, Math.max(1e-9, ...rows.map((row) => row.value))], [left, WIDTH - 60]).nice();
  const y = scaleBand(rows.map((_, place) => place), [4, height - 30]).padding(0.22);
  const picture = drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}` }, ...axis(x, 0, height - 28));
  rows.forEach((row, place) => {
    const middle = y(place) + y.bandwidth() / 2 + 4.5;
    const bar = { class: "bar", x: Math.min(x(0), x(row.value)), y: y(place), rx: 2, height: y.bandwidth() };
    picture.append(
      drawn("text", { class: "name", x: left - 8, y: middle }, shortened(row.name), drawn("title", {}, row.name)),
      drawn("rect", { ...bar, width: Math.abs(x(row.value) - x(0)) }),
      drawn("text", { class: "value", x: Math.max(x(0), x(row.value)) + 6, y: middle }, number(row.value, digits(row.value))),
    );
  });
  return picture;
}

function upright(y, left) {
  return y.ticks(6).flatMap((tick) => [
    drawn("line", { class: "grid", x1: left, x2: WIDTH - 10, y1: y(tick), y2: y(tick) }),
    drawn("text", { class: "tick left", x: left - 8, y: y(tick) + 4 }, number(tick, digits(tick))),
  ]);
}

function line(rows) {
  const sorted = [...rows].sort((a, b) => a.name.localeCompare(b.name));
  const y = scaleLinear([0, Math.max(1e-9, ...sorted.map((row) => row.value))], [320, 20]).nice();
  const x = scalePoint(sorted.map((row) => row.name), [70, WIDTH - 30]).padding(0.3);
  const path = sorted.map((row, place) => `${place ? "L" : "M"}${x(row.name)} ${y(row.value)}`).join("");
  const every = Math.ceil(sorted.length / 12);
  const picture = drawn("svg", { viewBox: `0 0 ${WIDTH} 360` }, ...upright(y, 60), drawn("path", { class: "line", d: path }));
  sorted.forEach((row, place) => {
    const title = drawn("title", {}, `${row.name}: ${number(row.value, digits(row.value))}`);
    picture.append(drawn("circle", { class: "point", cx: x(row.name), cy: y(row.value), r: 4.5 }, title));
    if (place % every === 0) picture.append(drawn("text", { class: "tick", x: x(row.name), y: 346 }, row.name));
  });
  return picture;
}

function dots(rows, result, across, up) {
  const xs = rows.map((row) => valueOf(row, across));
  const ys = rows.map((row) => valueOf(row, up));
  const x = scaleLinear([Math.min(0, ...xs), Math.max(1e-9, ...xs)], [70, WIDTH - 30]).nice();
  const y = scaleLinear([Math.min(0, ...ys), Math.max(1e-9, ...ys)], [380, 20]).nice();
  const picture = drawn("svg", { viewBox: `0 0 ${WIDTH} 440` }, ...axis(x, 20, 380), ...upright(y, 60));
  const label = wordColumns(result)[0];
  rows.forEach((row, place) => {
    const title = label ? textOf(row[label]) : "";
    const text = `${title} (${number(xs[place], digits(xs[place]))}; ${number(ys[place], digits(ys[place]))})`;
    picture.append(drawn("circle", { class: "point", cx: x(xs[place]), cy: y(ys[place]), r: 4.5 }, drawn("title", {}, text)));
  });
  picture.append(drawn("text", { class: "tick", x: (WIDTH + 70) / 2, y: 430 }, across));
  return picture;
}

/** Add up the rows of each category, in the order in which they come. */
function added(rows, name, value) {
  const sums = new Map();
  for (const row of rows) {
    const category = textOf(row[name]);
    sums.set(category, (sums.get(category) ?? 0) + valueOf(row, value));
  }
  return [...sums].map(([category, sum]) => ({ name: category, value: sum }));
}

/** Draw a result into a box. */
export function drawChart(box, result) {
  const numbers = numericColumns(result);
  const words = wordColumns(result);
  const isTime = (column) => result.rows.some((row) => YEAR.test(row[column]?.datatype ?? ""));
  const kinds = [["bars", say("bars")], ["line", say("line")]];
  if (numbers.length > 1) kinds.push(["dots", say("dots")]);
  let name = words.find(isTime) ?? words[0] ?? numbers[0];
  let value = numbers.find((column) => column !== name) ?? numbers[0];
  let kind = words.length ? (isTime(name) ? "line" : "bars") : numbers.length > 1 ? "dots" : "bars";
  const of = (columns) => columns.map((column) => [column, column]);
  const choices = [
    choice(say("kind"), kinds, kind, (chosen) => ((kind = chosen), again())),
    choice(say("category"), of([...words, ...numbers]), name, (chosen) => ((name = chosen), again())),
    choice(say("value"), of(numbers), value, (chosen) => ((value = chosen), again())),
  ];
  const again = withChoices(box, choices, (canvas) => {
    const isDots = kind === "dots";
    const sums = isDots ? [] : added(result.rows, name, value);
    const all = isDots ? result.rows : sums;
    const shown = all.slice(0, isDots ? MOST_DOTS : MOST);
    const across = numbers.includes(name) ? name : numbers.find((column) => column !== value);
    const picture = isDots ? dots(shown, result, across, value) : kind === "line" ? line(shown) : bars(shown);
    picture.setAttribute("class", "chart");
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", say("chartOf", { value, name }));
    canvas.append(element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": say("chart") }, picture));
    if (!isDots && sums.length < result.rows.length) canvas.append(note("addedUp", { name }));
    if (all.length > shown.length) canvas.append(note("firstOnly", { n: number(shown.length) }));
  });
}
