// Terms, concepts and organisations of the graph: their labels, short forms and pages.
import { language, page } from "./elements.js";

let loading = null;
let known = { prefixes: {}, terms: [], byIri: new Map() };

/** Load the vocabulary once; until then IRIs are shown as they are. */
export function loadVocabulary() {
  loading ??= fetch(`/api/v1/vocabulary?lang=${language}`)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then(({ data: { prefixes, terms } }) => {
      known = { prefixes, terms, byIri: new Map(terms.map((term) => [term.iri, term])) };
      return known;
    });
  return loading;
}

export const vocabulary = () => known;

export const termOf = (iri) => known.byIri.get(iri);

/** Return the label of an IRI, or an empty string. */
export const labelOf = (iri) => known.byIri.get(iri)?.label ?? "";

/** Return the longest prefix whose namespace an IRI begins with, and the rest; or null. */
export function prefixOf(iri) {
  let best = null;
  for (const [prefix, namespace] of Object.entries(known.prefixes)) {
    if (iri.startsWith(namespace) && (!best || namespace.length > best.namespace.length)) {
      best = { prefix, namespace, local: iri.slice(namespace.length) };
    }
  }
  return best;
}

/** Return a short form of an IRI to read. */
export function shortened(iri) {
  const found = prefixOf(iri);
  return found ? `${found.prefix}:${found.local}` : iri;
}

/** Return how a query writes an IRI: with a prefix where no sign needs an escape. */
export function written(iri) {
  const found = prefixOf(iri);
  const isPlain = found && /^[A-Za-z_][\w-]*$/.test(found.local);
  return isPlain ? { text: `${found.prefix}:${found.local}`, prefix: found.prefix } : { text: `<${iri}>` };
}

/** Return the address of the page about an IRI; empty when it has none that may be a link. */
export function addressOf(iri) {
  if (!iri.startsWith(page.base)) return /^https?:\/\/[^/]/i.test(iri) ? iri : "";
  const [path, fragment] = iri.slice(page.base.length).split(/#(.*)/s);
  const slug = path.split("/").pop();
  if (path.startsWith("id/org-")) {
    return `/${language}/organisations/${encodeURIComponent(slug.slice("org-".length))}`;
  }
  if (path.startsWith("scheme/competence/")) {
    return `/${language}/competences/${encodeURIComponent(slug)}`;
  }
  const rest = fragment === undefined ? "" : `#${encodeURIComponent(fragment)}`;
  return `/${language}/resources/${path.split("/").map(encodeURIComponent).join("/")}${rest}`;
}
