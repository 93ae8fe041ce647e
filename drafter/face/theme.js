// Light or dark, as the reader chose it on this device; read before the page is drawn, so that
// nothing flashes. Without a choice, or without this script, the device decides.
(() => {
  const root = document.documentElement, KEY = "drafter.colours";
  const chosen = () => { try { return localStorage.getItem(KEY) || ""; } catch { return ""; } };
  const show = (choice) => {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll(".colours button")) {
      button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme || "")));
    }
  };
  root.classList.replace("no-js", "js");
  show(chosen());
  addEventListener("storage", (event) => { if (event.key === KEY) show(chosen()); });
  // What waits for a script that did not arrive says so, as where there are no scripts at all.
  addEventListener("load", () => {
    if (document.querySelector("[data-waits]")) root.classList.replace("js", "no-js");
  });
  addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll(".colours")) {
      group.hidden = false;
      group.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        try { localStorage.setItem(KEY, button.value); } catch { /* it lasts for this page */ }
        show(button.value);
      });
    }
    show(root.dataset.theme || "");
  });
})();
