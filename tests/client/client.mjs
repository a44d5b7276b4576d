// A client in JavaScript without any package: pages, problems, repeats, jobs with their events.
// Prints what it found as JSON; the test compares it with the graph.
const [address] = process.argv.slice(2);

async function json(path, options) {
  const answer = await fetch(new URL(path, address), options);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

async function every(path) {
  const found = [];
  for (let next = path; next !== null; ) {
    const { body } = await json(next);
    found.push(...body.data.map((line) => line.iri));
    next = body.next;
  }
  return found;
}

async function follow(path) {
  const answer = await fetch(new URL(path, address));
  const states = [];
  let text = "";
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data) states.push(JSON.parse(data.slice(6)).state);
    }
  }
  return states;
}

const post = (key, work) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", "Idempotency-Key": key },
  body: JSON.stringify(work),
});
const work = { kind: "consortia", enquiries: ["E26"] };

const organisations = await every("/api/v1/organisations?limit=100&fields=name");
const unknown = await json("/api/v1/organisations/nobody-here");
const first = await json("/api/v1/jobs", post("node-1", work));
const again = await json("/api/v1/jobs", post("node-1", work));
const other = await json("/api/v1/jobs", post("node-1", { kind: "unlocking" }));
const states = await follow(`${first.headers.get("location")}/events`);
const tag = (await json("/api/v1/competences?limit=1")).headers.get("etag");
const unchanged = await fetch(new URL("/api/v1/competences?limit=1", address), {
  headers: { "If-None-Match": tag },
});

console.log(
  JSON.stringify({
    organisations,
    unknown: unknown.body.type,
    replayed: again.headers.get("idempotency-replayed"),
    same: first.body.data.id === again.body.data.id,
    other: other.status,
    states,
    unchanged: unchanged.status,
  }),
);
