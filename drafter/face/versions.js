// Turning to another version keeps the reader at the same clause, and a version that is not the
// latest says so. Everything here is told by `versions.json`, which a version's own pages cannot
// know; without it they lead to /latest/ and to earlier versions all the same.
const box = document.querySelector(".versions");
const top_ = box && new URL(box.dataset.top, location);
const here = box && box.dataset.version;

const number = (version) => Number(version.slice(1));

const isClause = (element) => /^c-[0-9a-z]{6,}$/.test(element?.id ?? "");
const inView = (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};

/** The clause that the reader is at: the one linked to, or the first in view where they last read.
    The way to other versions is at the top of the page, so the way up there does not count. */
let reading = "";
function look() {
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (isClause(linked) && (inView(linked) || !reading)) reading = linked.id;
  else if (scrollY > 200) reading = [...document.querySelectorAll(".text [id^='c-']")].find((each) => isClause(each) && inView(each))?.id ?? reading;
}

/** Where a version has this page and clause; the clause's own page where it has them no more.
    Only clauses of the report have such a page: those of an assembly's record have none. */
async function address(version) {
  const page = new URL(version + "/" + box.dataset.page, top_), at = reading;
  const answer = await fetch(page);
  const text = answer.ok ? await answer.text() : "";
  const there = at && text.includes(`id="${at}"`);
  if (at && !there && document.querySelector(".reading .text")) return new URL(`c/${at}/`, top_);
  if (!text) return new URL(version + "/", top_);
  if (there) page.hash = at;
  return page;
}

function leads(link, version) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    location.assign(await address(version).catch(() => link.href));
  });
}

function link(version, words) {
  const made = document.createElement("a");
  made.href = new URL(version + "/" + box.dataset.page, top_);
  made.textContent = words;
  leads(made, version);
  return made;
}

function list(known) {
  const entries = box.querySelector("ul"), latest = known[0].version;
  for (const each of entries.querySelectorAll("a[data-version]")) leads(each, each.dataset.version);
  const later = known.filter((each) => number(each.version) > number(here));
  for (const each of later.reverse()) {
    const entry = document.createElement("li");
    entry.append(link(each.version, each.title + (each.version === latest ? ", the latest" : "")));
    entries.prepend(entry);
  }
  const neutral = document.querySelector(".masthead .latest");
  if (latest === here) neutral.hidden = true;
  else leads(neutral, latest);
}

function warn(known) {
  const said = document.createElement("p");
  said.className = "notice warn old";
  said.setAttribute("role", "status");
  said.append(`This is version ${number(here)} of ${box.dataset.day}. `);
  said.append(link(known[0].version, "See the latest version"), ".");
  document.querySelector("main").prepend(said);
}

async function start() {
  const answer = await fetch(new URL("versions.json", top_));
  const known = answer.ok ? await answer.json() : [];
  if (!known.length) return;
  list(known);
  if (number(known[0].version) > number(here)) warn(known);
}

// On paper: the whole address, where the site was not told its own.
for (const here of document.querySelectorAll(".printed .here")) here.textContent = location.origin + location.pathname;

if (box) {
  // A menu closes by Escape, and when one goes on elsewhere.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    box.open = false;
    box.querySelector("summary").focus();
  });
  addEventListener("click", (event) => { if (!box.contains(event.target)) box.open = false; });
  let rests = 0;
  addEventListener("scroll", () => { clearTimeout(rests); rests = setTimeout(look, 250); }, { passive: true });
  addEventListener("hashchange", look);
  look();
  start().catch(() => { /* the page is whole without it */ });
}
