// Starts Swagger UI on this server's own description; nothing is asked of another host.

const reference = document.getElementById("reference");
const PARTS = { ".information-container": "About this API", ".scheme-container": "Server and key" };

/** Mends what Swagger UI draws for readers who do not see it, or who have no mouse. */
function mend() {
  reference.querySelector("#servers")?.setAttribute("aria-label", "Server");
  for (const [part, label] of Object.entries(PARTS)) {
    const found = reference.querySelector(part);
    found?.setAttribute("role", "region");
    found?.setAttribute("aria-label", label);
  }
  for (const heading of reference.querySelectorAll("h3:not([aria-level]), h4:not([aria-level])")) {
    heading.setAttribute("aria-level", String(Number(heading.tagName[1]) - 1));
  }
  for (const link of reference.querySelectorAll("button.opblock-summary-control a[href]")) {
    link.removeAttribute("href"); // the button does the same
  }
  for (const row of reference.querySelectorAll("tr[data-param-name]")) {
    for (const field of row.querySelectorAll("select:not([aria-label]), input:not([aria-label])")) {
      field.setAttribute("aria-label", row.dataset.paramName);
    }
  }
  for (const table of reference.querySelectorAll(".responses-table[id]:not([aria-label])")) {
    table.setAttribute("aria-label", `Responses: ${table.id.replace("_responses", "")}`);
  }
  for (const text of reference.querySelectorAll(".body-param textarea:not([aria-label])")) {
    text.setAttribute("aria-label", "Request body");
  }
  for (const example of reference.querySelectorAll(".microlight:not([tabindex])")) {
    example.setAttribute("tabindex", "0"); // it scrolls
  }
}

new MutationObserver(mend).observe(reference, { childList: true, subtree: true });

window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: reference.dataset.description,
    dom_id: "#reference",
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: true,
  });
});
