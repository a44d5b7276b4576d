// A client whose types are made from the OpenAPI document; `tsc` says whether they fit.
// Each `@ts-expect-error` is a mistake that the types must find, or compiling fails.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[] }; // all of Node's types would be a package more
const [address] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: address });

const names: string[] = [];
let cursor: string | undefined;
do {
  const { data, error } = await client.GET("/api/v1/organisations", {
    params: { query: { limit: 100, cursor, lang: "en" } },
  });
  if (error !== undefined) throw new Error(JSON.stringify(error));
  names.push(...data.data.map((line) => line.iri));
  const next: string | null | undefined = data.next;
  cursor = next ? (new URL(next, address).searchParams.get("cursor") ?? undefined) : undefined;
} while (cursor !== undefined);

const started = await client.POST("/api/v1/jobs", {
  body: { kind: "consortia", enquiries: ["E26"], language: "de" },
});
const job: components["schemas"]["JobOut"] | undefined = started.data?.data;

// @ts-expect-error there is no such path
const wrongPath = () => client.GET("/api/v1/nothing-of-this-name");
// @ts-expect-error there is no such kind of job
const wrongKind = () => client.POST("/api/v1/jobs", { body: { kind: "coffee" } });
// @ts-expect-error a limit is a number
const wrongLimit = () => client.GET("/api/v1/organisations", { params: { query: { limit: "ten" } } });

const unknown = await client.GET("/api/v1/organisations/{name}", {
  params: { path: { name: "nobody-here" } },
});

console.log(
  JSON.stringify({
    organisations: names,
    kind: job?.kind,
    started: started.response.status,
    unknown: unknown.response.status,
    unchecked: [wrongPath, wrongKind, wrongLimit].length,
  }),
);
