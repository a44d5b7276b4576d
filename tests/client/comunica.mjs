// Comunica as a client: the endpoint, the document of a thing behind its redirect, and both joined.
// Prints what it found as JSON; the test compares it with the graph.
import { QueryEngine } from "@comunica/query-sparql";

const [address, name] = process.argv.slice(2);
const engine = new QueryEngine();
const endpoint = { type: "sparql", value: new URL("/sparql", address).href };
const thing = new URL(`/id/${name}`, address).href;
const organisation = `<https://w3id.org/verbund/id/${name}>`;
const PREFIXES = `
  PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
  PREFIX vb: <https://w3id.org/verbund/def#>`;

async function select(query, sources) {
  const found = await engine.queryBindings(PREFIXES + query, { sources });
  return (await found.toArray()).map((row) =>
    Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value])),
  );
}

const labels = `SELECT ?label WHERE { ${organisation} skos:prefLabel ?label } ORDER BY ?label`;
const members = `
  SELECT DISTINCT ?organisation WHERE { ?organisation a vb:Company } ORDER BY ?organisation`;
const joined = `
  SELECT DISTINCT ?kind ?label WHERE {
    ${organisation} a ?kind ; skos:prefLabel ?label .
    FILTER(?kind = vb:Company)
  }`;

console.log(
  JSON.stringify({
    companies: (await select(members, [endpoint])).map((row) => row.organisation),
    asked: (await select(labels, [endpoint])).map((row) => row.label),
    dereferenced: (await select(labels, [thing])).map((row) => row.label),
    // both say the label: one is enough
    joined: [...new Set((await select(joined, [endpoint, thing])).map((row) => row.label))],
    is_known: await engine.queryBoolean(`${PREFIXES} ASK { ${organisation} a vb:Company }`, {
      sources: [thing],
    }),
  }),
);
