// Solves again without loading the page anew. Without this script the same links and forms do it.

const announce = document.createElement("p");
announce.className = "unseen";
announce.setAttribute("role", "status");
document.body.append(announce);

let asking = new AbortController();

/** Shows the page at an address in place of this one; a failure leaves it to the browser. */
async function show(address, { back = false, keep = "" } = {}) {
  asking.abort();
  asking = new AbortController();
  document.documentElement.classList.add("solving");
  try {
    const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (!main || !page.querySelector(".lanes")) return location.assign(address);
    const focus = focused();
    const unfolded = [...document.querySelectorAll("details[id][open]")].map((fold) => fold.id);
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    const twin = page.querySelector(".language");
    if (twin) document.querySelector(".language").href = twin.getAttribute("href");
    if (!back) history.pushState({ solved: true }, "", answer.url + new URL(address, location).hash);
    for (const fold of unfolded) document.getElementById(fold)?.setAttribute("open", "");
    prepare();
    settle(focus, keep);
    announce.textContent = document.querySelector(".proof").textContent;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  } finally {
    document.documentElement.classList.remove("solving");
  }
}

/** Returns what finds the focused element again: its identifier or its words. */
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  return { id: element.id, words: element.textContent, section: element.closest("[id]")?.id };
}

/** Puts the focus where it was, or on the page as a whole when that is gone. */
function settle(focus, keep) {
  if (keep) document.getElementById(keep)?.scrollIntoView({ block: "start" });
  if (!focus) return;
  const found =
    (focus.id && document.getElementById(focus.id)) ||
    (focus.section && document.getElementById(focus.section)?.querySelector("a[data-solve], button")) ||
    document.querySelector("main");
  found.focus({ preventScroll: true });
}

/** Shows what only works with this script. */
function prepare() {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) return window.print();
  const link = event.target.closest("a[data-solve]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.href, { keep: link.dataset.solve });
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-solve]");
  if (!form) return;
  event.preventDefault();
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  show(address.href, { keep: form.dataset.solve });
});

history.replaceState({ solved: true }, "");
window.addEventListener("popstate", (event) => {
  if (event.state?.solved) show(location.href, { back: true });
});

prepare();
