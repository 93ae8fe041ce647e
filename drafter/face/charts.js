// Filters for a table that is whole without them: <form data-filters="id of the table">, its selects
// named as the rows' data-… attributes, of which one may hold several values with | between. What is
// chosen is kept in the address, so that it can be linked and come back to.
for (const form of document.querySelectorAll("form[data-filters]")) {
  const rows = [...document.querySelectorAll(`#${form.dataset.filters} > tbody > tr`)];
  const selects = [...form.querySelectorAll("select")];
  const status = form.querySelector("[role=status]");

  const read = () => {
    const asked = new URLSearchParams(location.search);
    for (const select of selects) {
      const value = asked.get(select.name) ?? "";
      select.value = [...select.options].some((option) => option.value === value) ? value : "";
    }
  };
  const show = () => {
    let shown = 0;
    for (const row of rows) {
      const fits = selects.every(({ name, value }) => !value || (row.dataset[name] ?? "").split("|").includes(value));
      row.hidden = !fits;
      shown += fits;
    }
    const all = rows.length, noun = all === 1 ? form.dataset.one : form.dataset.many;
    status.textContent = shown === all ? `${all} ${noun}` : `${shown} of ${all} ${noun}`;
  };
  const keep = () => {
    const address = new URL(location.href);
    for (const { name, value } of selects) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => { keep(); show(); });
  addEventListener("popstate", () => { read(); show(); });
  form.hidden = false;
  read();
  show();
}
