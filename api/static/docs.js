// Starts Swagger UI on this server's own description; nothing is asked of another host.
window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: document.getElementById("reference").dataset.description,
    dom_id: "#reference",
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: true,
  });
});
