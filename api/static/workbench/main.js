// The workbench: what happens when something is clicked, typed or asked for by the address.
import { Trouble, ask } from "./asking.js";
import { makeEditor, mark, read, write } from "./editor.js";
import { byId, counted, element, moveAlong, number, page, say } from "./elements.js";
import { snippets } from "./snippets.js";
import { drawTable } from "./table.js";
import { loadVocabulary, vocabulary } from "./vocabulary.js";

const HASH = "#query=";
const GRAPH = /^\s*(?:(?:#[^\n]*|(?:PREFIX|BASE)[^>]*>)\s*)*(?:CONSTRUCT|DESCRIBE)\b/i;
const form = byId("ask");
const textarea = byId("query");

let running = null;
let result = null;
let shownAs = "table";

// --- the editor -----------------------------------------------------------------------------

function editorText() {
  const { hash } = window.location;
  return hash.startsWith(HASH) ? decodeURIComponent(hash.slice(HASH.length)) : textarea.value;
}

const view = makeEditor({
  parent: byId("editor"),
  text: editorText(),
  nonce: byId("script").nonce,
  run: () => run(),
  changed: keep,
});
byId("query-label").addEventListener("click", () => view.focus());

/** Let the forms of the page hold what the editor does. */
function keep(text) {
  textarea.value = text;
  const saving = document.querySelector(".save input[name=query]");
  if (saving) saving.value = text;
}

/** Return an address that opens the workbench with a text. */
function addressWith(text) {
  return `${window.location.pathname}${HASH}${encodeURIComponent(text)}`;
}

// --- running --------------------------------------------------------------------------------

function busy(isBusy) {
  byId("run").hidden = isBusy;
  byId("cancel").hidden = !isBusy;
  byId("result").setAttribute("aria-busy", isBusy);
}

function clock(started) {
  const shown = byId("clock");
  const tick = () => (shown.textContent = `${number((performance.now() - started) / 1000, 1)} s`);
  tick();
  return setInterval(tick, 100);
}

async function run() {
  running?.abort();
  const own = new AbortController();
  running = own;
  busy(true);
  byId("state").textContent = say("running");
  const timer = clock(performance.now());
  try {
    const text = read(view);
    if (text !== page.loaded) window.history.replaceState(null, "", addressWith(text));
    mark(view, { line: 0 });
    const found = await ask(text, byId("limit").value, own.signal);
    await loadVocabulary().catch(() => null); // without it IRIs are shown as they are
    if (running === own) await show(text, found);
  } catch (error) {
    if (running !== own) return;
    if (error.name === "AbortError") byId("state").textContent = say("cancelled");
    else if (error instanceof Trouble) explain(error);
    else throw error;
  } finally {
    clearInterval(timer);
    byId("clock").textContent = "";
    if (running === own) {
      running = null;
      busy(false);
    }
  }
}

byId("cancel").addEventListener("click", () => {
  running?.abort();
  byId("run").hidden = false;
  byId("run").focus();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

// --- what came of it ------------------------------------------------------------------------

function explain(trouble) {
  result = null;
  byId("tabs").hidden = true;
  byId("downloads").hidden = true;
  const title = page.troubles[trouble.title] ?? say("failed");
  const line = trouble.line ? read(view).split("\n")[trouble.line - 1] : "";
  const box = element("div", { class: "trouble", role: "alert" });
  box.append(element("p", {}, element("strong", {}, title), " ", element("span", { lang: "en" }, trouble.message)));
  if (line) box.append(element("pre", {}, `${line}\n${" ".repeat(Math.max(0, trouble.column - 1))}^`));
  byId("panel").replaceChildren(box);
  byId("state").textContent = title;
  byId("state").classList.remove("cut");
  mark(view, trouble);
}

async function show(text, found) {
  result = found;
  downloads(text, found);
  await tabs();
  await draw(shownAs);
  const count = counted(found.rows.length);
  const state = say("done", { rows: count, seconds: number(found.seconds, 2) });
  byId("state").textContent = found.isCut ? `${state} ${say("cut", { rows: count })}` : state;
  byId("state").classList.toggle("cut", found.isCut);
}

function downloads(text, found) {
  const box = byId("downloads");
  const forms = found.triples ? page.graphDownloads : page.downloads;
  const links = Object.entries(forms).map(([format, name]) => {
    const href = `/sparql?${new URLSearchParams({ query: text, format })}`;
    return element("a", { class: "quiet", href, download: true }, name);
  });
  box.replaceChildren(box.firstElementChild, ...links);
  box.hidden = false;
}

const VIEWS = {
  table: async () => ({ fits: () => true, draw: drawTable }),
  map: async () => import("./map.js").then((m) => ({ fits: m.isMappable, draw: m.drawMap })),
  chart: async () => import("./chart.js").then((m) => ({ fits: m.isChartable, draw: m.drawChart })),
  graph: async () => import("./graph.js").then((m) => ({ fits: m.isDrawable, draw: m.drawGraph })),
};

/** Offer the views that the result fits into. */
async function tabs() {
  const fitting = [];
  for (const [name, load] of Object.entries(VIEWS)) if ((await load()).fits(result)) fitting.push(name);
  if (!fitting.includes(shownAs)) shownAs = "table";
  const made = fitting.map((name) =>
    element("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel", onclick: () => draw(name) }, say(name)),
  );
  moveAlong(made);
  byId("tabs").replaceChildren(...made);
  byId("tabs").hidden = false;
}

async function draw(name) {
  const drawing = result;
  const { draw: into } = await VIEWS[name]();
  if (drawing !== result) return; // another query has come to its end meanwhile
  shownAs = name;
  for (const tab of byId("tabs").children) {
    const isShown = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", isShown);
    tab.tabIndex = isShown ? 0 : -1;
  }
  const panel = byId("panel");
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", `tab-${name}`);
  const box = element("div", {});
  panel.replaceChildren(box);
  await into(box, result);
}

// --- questions, parameters, saved queries ---------------------------------------------------

/** Take what a page of the workbench has beside its editor. */
function take(text, address) {
  const fetched = new DOMParser().parseFromString(text, "text/html");
  for (const id of ["parameters", "saved"]) byId(id).replaceWith(fetched.getElementById(id));
  const chosen = new Set([...fetched.querySelectorAll("a[aria-current]")].map((a) => a.getAttribute("href")));
  for (const link of document.querySelectorAll(".shelf a[data-load]")) {
    if (chosen.has(link.getAttribute("href"))) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  page.loaded = fetched.getElementById("query").value;
  window.history.replaceState(null, "", address);
  offerNames();
  keep(read(view));
  return page.loaded;
}

async function load(address, isRun) {
  const answer = await fetch(address);
  write(view, take(await answer.text(), answer.url));
  if (isRun && answer.ok) run();
}

/** Send a form of the shelf and take what it answers; another host's page it never is. */
async function send(sent) {
  const answer = await fetch(sent.action, { method: "POST", body: new URLSearchParams(new FormData(sent)) });
  if (new URL(answer.url).pathname !== window.location.pathname) window.location.assign(answer.url);
  else if (sent.classList.contains("save")) take(await answer.text(), answer.url);
  else take(await answer.text(), window.location.href);
  const said = sent.classList.contains("save") ? "saved" : "removed";
  byId("state").textContent = answer.ok ? say(said) : page.troubles.ParameterError;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-load]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  window.history.pushState(null, "", link.href);
  load(link.href, true);
});
document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent.matches(".parameters")) {
    event.preventDefault();
    load(`${sent.action}?${new URLSearchParams(new FormData(sent))}`, true);
  } else if (sent.closest("#saved")) {
    event.preventDefault();
    send(sent);
  }
});
window.addEventListener("popstate", () => {
  if (window.location.hash.startsWith(HASH)) write(view, editorText());
  else load(window.location.href, false);
});

/** Offer the names that a parameter can have while it is typed. */
function offerNames() {
  for (const input of document.querySelectorAll("[data-within]")) {
    const within = page.base + input.dataset.within;
    if (!input.dataset.within || input.list) continue;
    const isNamed = ["scheme/competence/", "id/"].includes(input.dataset.within);
    const names = vocabulary().terms.filter((term) => term.iri.startsWith(within));
    const list = element("datalist", { id: `${input.id}-names` });
    for (const { iri, label } of names) {
      const slug = iri.slice(within.length);
      list.append(element("option", { value: isNamed ? label : slug }, isNamed ? "" : label));
    }
    input.after(list);
    input.setAttribute("list", list.id);
  }
}

byId("filter").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const item of byId("questions").children) {
    const link = item.firstElementChild;
    const text = `${link.textContent} ${link.dataset.words}`.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
    left += !item.hidden;
  }
  byId("no-question").hidden = left > 0;
});

// --- sharing, use elsewhere -----------------------------------------------------------------

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    byId("state").textContent = say(said);
  } catch {
    window.prompt(say("copyByHand"), text); // clipboards are closed to pages without HTTPS
  }
}

byId("share").addEventListener("click", () => {
  const text = read(view);
  const isSaved = new URLSearchParams(window.location.search).has("saved");
  const address = isSaved && text === page.loaded ? window.location.href : addressWith(text);
  copy(new URL(address, window.location).href, "linkCopied");
});

byId("elsewhere").addEventListener("click", () => {
  const text = read(view);
  const made = snippets(new URL("/sparql", window.location).href, text, GRAPH.test(text));
  const buttons = Object.entries(made).map(([name, snippet]) => {
    const chosen = () => {
      byId("snippet").textContent = snippet;
      for (const one of buttons) {
        one.setAttribute("aria-selected", one.textContent === name);
        one.tabIndex = one.textContent === name ? 0 : -1;
      }
    };
    return element("button", { type: "button", role: "tab", "aria-controls": "snippet", onclick: chosen }, name);
  });
  moveAlong(buttons);
  byId("snippet-kinds").replaceChildren(...buttons);
  byId("snippets").showModal();
  buttons[0].click();
});
byId("snippet-copy").addEventListener("click", () => copy(byId("snippet").textContent, "copied"));

// --- ready ----------------------------------------------------------------------------------

page.loaded = textarea.value;
keep(read(view));
textarea.hidden = true;
for (const hidden of ["editor", "keys", "share", "elsewhere", "filter"]) byId(hidden).hidden = false;
for (const hidden of document.querySelectorAll(".tools [hidden]:not(#cancel)")) hidden.hidden = false;
loadVocabulary().then(
  () => {
    offerNames();
    document.documentElement.dataset.names = "";
  },
  () => (byId("state").textContent = say("noVocabulary")),
);
document.documentElement.dataset.ready = "";
if (form.dataset.run !== undefined) run();
