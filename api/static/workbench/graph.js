// A result as a network: things as circles that lead to their pages, statements as lines.
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
} from "../vendor/workbench/drawing.js";
import { choice, drawn, element, number, say } from "./elements.js";
import { withChoices } from "./pictures.js";
import { addressOf, labelOf, shortened } from "./vocabulary.js";

const MOST = 300;
const NAME = /(?:[lL]abel|title|name)$/;

const isThing = (value) => value?.type === "uri" || value?.type === "bnode";
const keyOf = (value) => (value.type === "bnode" ? `_:${value.value}` : value.value);

/** Return the columns that hold things, each with the column of its label if there is one. */
function thingColumns(result) {
  const sample = result.rows.slice(0, 200);
  return result.columns.filter((column) => sample.some((row) => isThing(row[column])));
}

export const isDrawable = (result) =>
  result.triples ? result.triples.some(([, , object]) => isThing(object)) : thingColumns(result).length > 1;

function ofTriples(triples) {
  const names = new Map();
  const edges = [];
  for (const [subject, predicate, object] of triples) {
    if (isThing(object)) edges.push([keyOf(subject), keyOf(object), shortened(predicate.value)]);
    else if (NAME.test(predicate.value)) names.set(keyOf(subject), object.value);
  }
  return { names, edges };
}

function ofRows(result, from, to) {
  const names = new Map();
  const edges = [];
  for (const row of result.rows) {
    if (!isThing(row[from]) || !isThing(row[to])) continue;
    edges.push([keyOf(row[from]), keyOf(row[to]), `${from} → ${to}`]);
    for (const column of [from, to]) {
      const label = row[`${column}Label`] ?? (column === result.columns[0] ? row.label : undefined);
      if (label) names.set(keyOf(row[column]), label.value);
    }
  }
  return { names, edges };
}

/** Keep the things with most lines, and place them by forces; the same input gives the same picture. */
function placed({ names, edges }) {
  const degrees = new Map();
  for (const [a, b] of edges) for (const key of [a, b]) degrees.set(key, (degrees.get(key) ?? 0) + 1);
  const ranked = [...degrees].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const nodes = ranked.slice(0, MOST).map(([id, degree]) => ({
    id,
    degree,
    name: names.get(id) ?? (labelOf(id) || shortened(id)),
  }));
  const kept = new Set(nodes.map((node) => node.id));
  const links = edges
    .filter(([a, b]) => kept.has(a) && kept.has(b) && a !== b)
    .map(([source, target, title]) => ({ source, target, title }));
  forceSimulation(nodes)
    .force("link", forceLink(links).id((node) => node.id).distance(100))
    .force("apart", forceManyBody().strength(-420))
    .force("room", forceCollide(30))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.09))
    .stop()
    .tick(nodes.length > 150 ? 150 : 300);
  return { nodes, links, all: degrees.size };
}

const SIZE = 11.5;
const shortName = (node) => (node.name.length > 28 ? `${node.name.slice(0, 27)}…` : node.name);

/** Return the things whose names have room at a size; those with most lines come first. */
function named(nodes, size) {
  const taken = [];
  const free = (box) =>
    taken.every((t) => Math.abs(t.x - box.x) > (t.w + box.w) / 2 || Math.abs(t.y - box.y) > size * 1.4);
  return nodes.filter((node) => {
    const box = { x: node.x, y: node.y, w: shortName(node).length * size * 0.57 };
    if (!free(box)) return false;
    taken.push(box);
    return true;
  });
}

/** Return the part of the plane that holds everything, and how many units are one pixel in it. */
function extent(nodes) {
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const width = Math.max(...xs) - Math.min(...xs);
  const height = Math.max(...ys) - Math.min(...ys);
  const scale = Math.max(1, (width + 180) / 980, (height + 100) / 600);
  const box = { x: Math.min(...xs) - 90 * scale, y: Math.min(...ys) - 40 * scale };
  return { scale, box: { ...box, width: width + 180 * scale, height: height + 90 * scale } };
}

function picture({ nodes, links }) {
  const { scale, box } = extent(nodes);
  const svg = drawn("svg", { class: "network", role: "group", "aria-label": say("graph"), "font-size": SIZE * scale });
  for (const { source, target, title } of links) {
    const ends = { x1: source.x, y1: source.y, x2: target.x, y2: target.y, "stroke-width": 1.2 * scale };
    svg.append(drawn("line", ends, drawn("title", {}, `${source.name} – ${title} – ${target.name}`)));
  }
  const radiusOf = (node) => Math.min(16, 5 + Math.sqrt(node.degree) * 1.6) * Math.sqrt(scale);
  for (const node of nodes) {
    const address = addressOf(node.id);
    const circle = drawn("circle", { cx: node.x, cy: node.y, r: radiusOf(node) });
    const title = drawn("title", {}, node.name);
    const link = { href: address, "aria-label": node.name };
    svg.append(drawn(address ? "a" : "g", address ? link : {}, circle, title));
  }
  for (const node of named(nodes, SIZE * scale)) {
    const y = node.y + radiusOf(node) + SIZE * scale * 1.1;
    svg.append(drawn("text", { x: node.x, y, "stroke-width": 3.5 * scale }, shortName(node)));
  }
  return { svg, box };
}

/** Let the picture be moved and made larger: buttons, dragging, wheel with Ctrl. */
function movable(svg, whole) {
  let view = { ...whole };
  const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  const zoom = (factor) => {
    view.x += (view.width * (1 - factor)) / 2;
    view.y += (view.height * (1 - factor)) / 2;
    view.width *= factor;
    view.height *= factor;
    show();
  };
  let from = null;
  svg.addEventListener("pointerdown", (event) => {
    if (event.target.closest("a")) return;
    from = { x: event.clientX, y: event.clientY };
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const scale = view.width / svg.clientWidth;
    view.x -= (event.clientX - from.x) * scale;
    view.y -= (event.clientY - from.y) * scale;
    from = { x: event.clientX, y: event.clientY };
    show();
  });
  svg.addEventListener("pointerup", () => (from = null));
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 0.87);
  });
  show();
  const button = (sign, name, act) =>
    element("button", { class: "quiet", type: "button", "aria-label": say(name), onclick: act }, sign);
  return element(
    "div",
    { class: "row zoom" },
    button("+", "larger", () => zoom(0.75)),
    button("−", "smaller", () => zoom(1.33)),
    button("⤢", "wholePicture", () => ((view = { ...whole }), show())),
  );
}

/** Draw a result into a box. */
export function drawGraph(box, result) {
  const things = thingColumns(result);
  let [from, to] = things;
  const options = things.map((column) => [column, column]);
  const choices = result.triples
    ? []
    : [
        choice(say("from"), options, from, (column) => ((from = column), again())),
        choice(say("to"), options, to, (column) => ((to = column), again())),
      ];
  const again = withChoices(box, choices, (canvas) => {
    const network = placed(result.triples ? ofTriples(result.triples) : ofRows(result, from, to));
    if (!network.nodes.length) return;
    const { svg, box: whole } = picture(network);
    canvas.append(movable(svg, whole), element("div", { class: "frame-of-network" }, svg));
    if (network.all > network.nodes.length) {
      const values = { n: number(network.nodes.length), all: number(network.all) };
      canvas.append(element("p", { class: "soft small" }, say("mostLinked", values)));
    }
  });
}
