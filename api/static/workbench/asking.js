// Running a query at /sparql: result, time, whether it was cut, or what went wrong and where.
import { say } from "./elements.js";

const ACCEPTED = "application/sparql-results+json, application/n-triples;q=0.9";

/** Why a query has no result. `line` and `column` count from 1 and are 0 when unknown. */
export class Trouble extends Error {
  constructor({ title, detail = "", line = 0, column = 0 }) {
    super(detail);
    this.title = title;
    this.line = line;
    this.column = column;
  }
}

/** What came of a query: `columns` and `rows` of terms; `triples` as well when it is a graph. */
function table(document) {
  if ("boolean" in document) {
    const value = { type: "literal", value: String(document.boolean), datatype: "boolean" };
    return { columns: ["ASK"], rows: [{ ASK: value }], triples: null };
  }
  return { columns: document.head.vars, rows: document.results.bindings, triples: null };
}

const LINE = /^(\S+) (\S+) (.*) \.$/;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@(\S+))?$/;
const SIGNS = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f", '"': '"', "'": "'", "\\": "\\" };

function plain(text) {
  return text.replace(/\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))/gi, (_, short, long, sign) =>
    sign ? SIGNS[sign] : String.fromCodePoint(parseInt(short ?? long, 16)),
  );
}

function term(text) {
  if (text.startsWith("<")) return { type: "uri", value: plain(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "bnode", value: text.slice(2) };
  const [, value, datatype, tag] = text.match(LITERAL);
  return { type: "literal", value: plain(value), datatype, "xml:lang": tag };
}

/** Read N-Triples as a table of three columns. */
export function graph(text) {
  const columns = ["subject", "predicate", "object"];
  const triples = text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => line.match(LINE).slice(1).map(term));
  const rows = triples.map((triple) =>
    Object.fromEntries(columns.map((column, place) => [column, triple[place]])),
  );
  return { columns, rows, triples };
}

async function trouble(answer) {
  const isProblem = answer.headers.get("content-type")?.startsWith("application/problem+json");
  if (!isProblem) return new Trouble({ title: "", detail: `HTTP ${answer.status}` });
  return new Trouble(await answer.json());
}

/**
 * Run a query; stop when `signal` says so, which ends it on the server too.
 *
 * Throws a Trouble, or an AbortError when it was stopped.
 */
export async function ask(query, limit, signal) {
  const started = performance.now();
  const body = new URLSearchParams({ query, "max-rows": limit });
  try {
    const answer = await fetch("/sparql", { method: "POST", body, signal, headers: { Accept: ACCEPTED } });
    if (!answer.ok) throw await trouble(answer);
    const text = await answer.text();
    const isTable = answer.headers.get("content-type").includes("json");
    const result = isTable ? table(JSON.parse(text)) : graph(text);
    const seconds = (performance.now() - started) / 1000;
    return { ...result, seconds, isCut: answer.headers.has("verbund-truncated") };
  } catch (error) {
    if (error instanceof TypeError) throw new Trouble({ title: "", detail: say("broken") });
    throw error;
  }
}
