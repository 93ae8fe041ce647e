// The search page: looks the words up among a version's clauses, assemblies, proposals and
// amendments. The list of them (index.json, beside the page) is fetched here and nowhere else.
import MiniSearch from "./vendor/minisearch.js";

const SHOWN = 20;
const NAMES = { clause: "Clause", assembly: "Assembly", proposal: "Proposal", amendment: "Amendment" };
const MANY = { clause: "clauses", assembly: "assemblies", proposal: "proposals", amendment: "amendments" };

const form = document.querySelector("form.find"), box = form.elements.q;
const said = document.querySelector("#found"), results = document.querySelector(".results");
const kinds = document.querySelector(".kinds"), more = document.querySelector("#more");
const top_ = new URL(form.dataset.top, location);

/** Words as they are compared: no accents, no capitals, no plural s. A number stays whole. */
const tokenize = (text) => text.match(/\d+(?:\.\d+)+|[\p{L}\p{M}\p{N}]+/gu) ?? [];
function processTerm(term) {
  const plain = term.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  if (plain.length > 4 && plain.endsWith("ies")) return plain.slice(0, -3) + "y";
  return plain.length > 3 && plain.endsWith("s") && !plain.endsWith("ss") ? plain.slice(0, -1) : plain;
}

let loading = null;
function load() {
  loading ??= fetch(new URL("index.json", location.href.split(/[?#]/)[0])).then(async (answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    const { kinds: names, entries } = await answer.json();
    const found = entries.map(([kind, no, title, url, text], id) => ({ id, kind: names[kind], no, title, url, text, name: NAMES[names[kind]] }));
    const index = new MiniSearch({
      fields: ["no", "name", "title", "text"], tokenize, processTerm,
      searchOptions: {
        boost: { no: 6, name: 2, title: 2 }, weights: { fuzzy: 0.2, prefix: 0.5 },
        prefix: (term) => term.length > 2 && !/\d/.test(term),
        fuzzy: (term) => (term.length > 4 && !/\d/.test(term) ? 0.2 : false),
      },
    });
    index.addAll(found);
    return { found, index };
  });
  loading.catch(() => { loading = null; });
  return loading;
}

/** Cut the words around the first match, and mark every match; only text nodes are made. */
function excerpt(text, terms) {
  const holder = document.createElement("p");
  const words = [...text.matchAll(/\d+(?:\.\d+)+|[\p{L}\p{M}\p{N}]+/gu)];
  const hits = words.filter((word) => terms.has(processTerm(word[0])));
  let from = hits.length ? Math.max(0, hits[0].index - 90) : 0;
  if (from > 0) from = text.indexOf(" ", from) + 1;
  let until = Math.min(text.length, from + 260);
  if (until < text.length) until = Math.max(text.lastIndexOf(" ", until), from);
  let at = from;
  if (from > 0) holder.append("… ");
  for (const hit of hits) {
    const end = hit.index + hit[0].length;
    if (hit.index < at || end > until) continue;
    const mark = document.createElement("mark");
    mark.textContent = hit[0];
    holder.append(text.slice(at, hit.index), mark);
    at = end;
  }
  holder.append(text.slice(at, until), until < text.length ? " …" : "");
  return holder;
}

function result(one, terms) {
  const entry = document.createElement("li"), link = document.createElement("a");
  const kind = document.createElement("span");
  kind.className = "over";
  kind.textContent = one.no ? `${one.name} ${one.no}` : one.name;
  const title = document.createElement("span");
  title.className = "title";
  title.textContent = one.title;
  link.href = new URL(one.url, top_);
  link.append(kind, title);
  entry.append(link);
  if (one.text) entry.append(excerpt(one.text, terms));
  return entry;
}

let wanted = "", limit = SHOWN;

function counts(hits, found) {
  const by = new Map(Object.keys(NAMES).map((kind) => [kind, 0]));
  for (const hit of hits) by.set(found[hit.id].kind, by.get(found[hit.id].kind) + 1);
  for (const label of kinds.querySelectorAll("label")) {
    const value = label.querySelector("input").value;
    const count = value ? by.get(value) : hits.length;
    label.querySelector("span").textContent = value ? `${MANY[value][0].toUpperCase()}${MANY[value].slice(1)} (${count})` : `All (${count})`;
  }
  kinds.hidden = hits.length === 0;
}

function say(query, hits, some) {
  if (!hits) said.textContent = `Nothing in this version has “${query}”. Try fewer or other words.`;
  else if (some) said.textContent = `Nothing has all of these words. ${hits === 1 ? "1 place has" : `${hits} places have`} some of them.`;
  else said.textContent = hits === 1 ? "1 place has these words." : `${hits} places have these words.`;
}

async function look() {
  const query = box.value.trim();
  const here = new URL(location);
  if (query) here.searchParams.set("q", query); else here.searchParams.delete("q");
  try { if (here.href !== location.href) history.replaceState(history.state, "", here); } catch { /* too many at once */ }
  document.title = document.title.replace(/^(“.*” – )?/, query ? `“${query}” – ` : "");
  if (!tokenize(query).length) {
    results.replaceChildren();
    said.textContent = "";
    kinds.hidden = more.hidden = true;
    return;
  }
  if (!loading) said.textContent = "Looking …";
  let known;
  try { known = await load(); } catch {
    said.textContent = "The list of words could not be fetched. Try again, or use the contents below.";
    return;
  }
  if (query !== box.value.trim()) return;
  const id = query.match(/^#?(c-[0-9a-z]{6,})$/i)?.[1].toLowerCase();
  const named = id ? known.found.filter((one) => one.url.endsWith(`#${id}`)) : [];
  let hits = named.length ? named.map((one) => ({ id: one.id, terms: [] })) : known.index.search(query, { combineWith: "AND" });
  const some = !hits.length;
  if (some) hits = known.index.search(query, { combineWith: "OR" });
  counts(hits, known.found);
  const chosen = hits.filter((hit) => !wanted || known.found[hit.id].kind === wanted);
  say(query, hits.length, some);
  results.replaceChildren(...chosen.slice(0, limit).map((hit) => result(known.found[hit.id], new Set(hit.terms))));
  more.hidden = chosen.length <= limit;
}

let waiting = 0;
const soon = () => { clearTimeout(waiting); waiting = setTimeout(look, 120); };
box.addEventListener("focus", () => load().catch(() => {}), { once: true });
box.addEventListener("input", () => { limit = SHOWN; soon(); });
form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
kinds.addEventListener("change", (event) => { wanted = event.target.value; limit = SHOWN; look(); });
more.addEventListener("click", () => { const at = limit; limit += SHOWN; look().then(() => results.children[at]?.querySelector("a").focus()); });
delete form.dataset.waits;
box.value = new URL(location).searchParams.get("q") ?? "";
if (box.value) look(); else box.focus();
