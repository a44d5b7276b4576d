// The query as a few lines of curl, Python or R that run as they are.

/** Return a mark that no line of a text is. */
function unused(text, mark) {
  let found = mark;
  while (text.split("\n").includes(found)) found += "_";
  return found;
}

function curl(address, query) {
  const mark = unused(query, "SPARQL");
  return `curl --fail-with-body -H 'Accept: text/csv' --data-urlencode query@- '${address}' <<'${mark}'
${query}
${mark}
`;
}

/** Return a text as a Python literal: raw where that is possible, so that it can be read. */
function pythonText(text) {
  const isRaw = !text.includes("'''") && !text.endsWith("'") && !/\\$/.test(text);
  if (isRaw) return `r'''\n${text}\n'''`;
  const escaped = text.replace(/\\/g, "\\\\").replace(/'/g, "\\'");
  return `'''\n${escaped}\n'''`;
}

function python(address, query) {
  return `from SPARQLWrapper import JSON, SPARQLWrapper  # pip install sparqlwrapper

endpoint = SPARQLWrapper(${JSON.stringify(address)})
endpoint.setMethod("POST")
endpoint.setReturnFormat(JSON)
endpoint.setQuery(${pythonText(query)})
for row in endpoint.queryAndConvert()["results"]["bindings"]:
    print({name: term["value"] for name, term in row.items()})
`;
}

function pythonGraph(address, query) {
  return `from SPARQLWrapper import TURTLE, SPARQLWrapper  # pip install sparqlwrapper

endpoint = SPARQLWrapper(${JSON.stringify(address)})
endpoint.setMethod("POST")
endpoint.setReturnFormat(TURTLE)
endpoint.setQuery(${pythonText(query)})
print(endpoint.query().response.read().decode())
`;
}

function r(address, query) {
  let dashes = "";
  while (query.includes(`)${dashes}"`)) dashes += "-";
  return `library(httr2)  # install.packages("httr2")

query <- r"${dashes}(
${query}
)${dashes}"
answer <- request(${JSON.stringify(address)}) |>
  req_headers(Accept = "text/csv") |>
  req_body_form(query = query) |>
  req_perform()
rows <- read.csv(text = resp_body_string(answer))
print(head(rows))
`;
}

/** Return the snippets by name. */
export function snippets(address, query, isGraph) {
  const text = query.trimEnd();
  const shell = curl(address, text);
  return {
    curl: isGraph ? shell.replace("text/csv", "text/turtle") : shell,
    Python: (isGraph ? pythonGraph : python)(address, text),
    R: isGraph
      ? r(address, text).replace("text/csv", "text/turtle").replace(/rows <- [\s\S]*$/, "cat(resp_body_string(answer))\n")
      : r(address, text),
  };
}
