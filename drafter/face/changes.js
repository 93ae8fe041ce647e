// What the page of changes does better with a script: filters and the way of drawing, kept in the
// address; next and previous by key, past what is filtered out. Without it everything is shown.
(() => {
  const all = document.querySelector(".changes");
  const form = document.getElementById("filters");
  if (!all || !form) return;
  const count = document.getElementById("count");
  const keys = document.getElementById("keys");
  const changes = [...all.querySelectorAll("[data-change]")];
  const places = [...all.querySelectorAll(".left")];
  const views = [...document.querySelectorAll("input[name=view]")];
  const selects = [...form.elements].filter((field) => field.name);
  const many = { assembly: "assemblies", amendment: "amendments" };

  // Filters

  const wanted = () => selects.filter((field) => field.value);
  const fits = (row, field) =>
    many[field.name]
      ? (row.dataset[many[field.name]] || "").split(" ").includes(field.value)
      : row.dataset[field.name] === field.value;
  const shown = () => changes.filter((row) => !row.classList.contains("out"));

  function show() {
    const asked = wanted();
    for (const row of [...changes, ...places]) row.classList.toggle("out", !asked.every((field) => fits(row, field)));
    for (const part of all.querySelectorAll("section, .folded")) {
      part.classList.toggle("out", !part.querySelector("[data-change]:not(.out), .left:not(.out)"));
    }
    if (asked.some((field) => field.name === "kind" && field.value === "formatting")) open(all);
    const left = shown();
    const said = asked.length ? count.dataset.some : left.length === 1 ? count.dataset.one : count.dataset.many;
    document.getElementById("clear").hidden = !asked.length;
    count.textContent = said.replace("{n}", left.length.toLocaleString()).replace("{all}", changes.length.toLocaleString());
    link(left);
  }

  // The links to the change before and after lead past those that are filtered out.
  function link(left) {
    left.forEach((row, at) => {
      for (const step of row.querySelectorAll("[data-step]")) {
        const next = left[at + Number(step.dataset.step)];
        step.hidden = !next;
        if (next) step.href = `#${next.id}`;
      }
    });
  }

  function open(within) {
    for (const fold of within.querySelectorAll("details.folded")) fold.open = true;
  }

  // The address

  const fields = ["view", ...selects.map((field) => field.name)];

  function write() {
    const query = new URLSearchParams(location.search);
    for (const name of fields) query.delete(name);
    for (const field of wanted()) query.set(field.name, field.value);
    if (views.some((view) => view.checked && view.value === "beside")) query.set("view", "beside");
    const said = query.toString().replaceAll("%2F", "/");
    history.replaceState(history.state, "", `${location.pathname}${said ? `?${said}` : ""}${location.hash}`);
  }

  function read() {
    const query = new URLSearchParams(location.search);
    for (const field of selects) {
      field.value = query.get(field.name) || "";
      if (field.selectedIndex < 0) field.value = "";
    }
    const view = query.get("view") === "beside" ? "beside" : "text";
    for (const each of views) each.checked = each.value === view;
  }

  function clear() {
    for (const field of selects) field.value = "";
    show();
    write();
  }

  // What an address names is shown, whatever the filters ask.
  function reveal() {
    const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!named || !all.contains(named)) return;
    const fold = named.closest("details.folded");
    if (fold) fold.open = true;
    if (named.closest(".out")) clear();
    named.scrollIntoView();
  }

  // Keys

  const STEPS = { n: 1, j: 1, p: -1, k: -1 };
  const STORE = "drafter.keys";
  const box = keys.querySelector("input");
  const kept = (value) => {
    try { return value === undefined ? localStorage.getItem(STORE) : localStorage.setItem(STORE, value); } catch { return null; }
  };

  function at(left) {
    const here = document.activeElement && document.activeElement.closest("[data-change]");
    if (here) return left.indexOf(here);
    const named = left.findIndex((row) => `#${row.id}` === location.hash);
    if (named >= 0) return named;
    return left.findIndex((row) => row.getBoundingClientRect().bottom > 1) - 0.5;
  }

  function step(by) {
    const left = shown();
    const from = at(left);
    const next = left[by > 0 ? Math.floor(from + 1) : Math.ceil(from - 1)];
    if (!next) return;
    const fold = next.closest("details.folded");
    if (fold) fold.open = true;
    history.replaceState(history.state, "", `${location.pathname}${location.search}#${next.id}`);
    next.focus({ preventScroll: true });
    next.scrollIntoView();
  }

  document.addEventListener("keydown", (event) => {
    const by = STEPS[event.key];
    if (!by || !box.checked || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]") && event.target.type !== "radio" && event.target !== box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    step(by);
  }, true);
  box.addEventListener("change", () => kept(box.checked ? "on" : "off"));

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => { show(); write(); });
  form.addEventListener("reset", (event) => { event.preventDefault(); clear(); });
  for (const view of views) view.addEventListener("change", write);
  addEventListener("popstate", () => { read(); show(); });
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => open(all));

  box.checked = kept() !== "off";
  form.hidden = false;
  keys.hidden = false;
  read();
  show();
  reveal();
})();
