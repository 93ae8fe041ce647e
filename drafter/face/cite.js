// Completes what "Cite this" says: the clause that the address names, the address itself, a button
// that copies it. Without this script the sentence names the page, and is copied by hand.
for (const box of document.querySelectorAll("details.cite")) {
  const text = box.querySelector(".cite__text");
  box.querySelector(".cite__more")?.remove();

  const say = () => {
    const clause = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const number = clause?.closest(".clause")?.querySelector(":scope > a.n")?.textContent.trim();
    const what = number && number !== "¶" ? `clause ${number}` : text.dataset.what;
    const address = new URL(text.dataset.address, location.href);
    if (clause?.id.startsWith("c-")) address.hash = clause.id;
    text.textContent = `${[text.dataset.begin, what].filter(Boolean).join(", ")}. ${address}`;
  };
  say();
  addEventListener("hashchange", say);

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      told.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      told.textContent = "Selected: copy it with your keyboard";
    }
  });
  const row = document.createElement("p");
  row.append(button, " ", told);
  text.after(row);
}
