// Swagger UI for the OpenAPI document named by the page.

// Defined by swagger-ui-bundle.js, a classic script that the page loads first.
const { SwaggerUIBundle } = window;
const container = document.getElementById("api");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function applyColorScheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

dark.addEventListener("change", applyColorScheme);
applyColorScheme();

SwaggerUIBundle({
  domNode: container,
  url: container.dataset.openapi,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
