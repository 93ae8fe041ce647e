// Who brought these words, beside the phrase that one points at, focuses or taps. Without this
// script each phrase is a link to its entry in the list under the text; with it, it still is.
(() => {
  const text = document.querySelector(".brought-text");
  if (!text) return;
  const card = document.createElement("div");
  card.className = "brought-card";
  card.hidden = true;
  card.setAttribute("aria-hidden", "true"); // the phrase is described by the entry itself
  text.append(card);
  let shown = null;
  let leaving = 0;

  const entry = (phrase) => document.getElementById(phrase.hash.slice(1));
  const mark = (phrase, on) => {
    for (const other of text.querySelectorAll("a.brought")) {
      if (other.hash === phrase.hash) other.classList.toggle("same", on);
    }
    entry(phrase)?.classList.toggle("same", on);
  };
  const hide = () => {
    clearTimeout(leaving);
    if (shown) mark(shown, false);
    shown = null;
    card.hidden = true;
  };
  const leave = () => { clearTimeout(leaving); leaving = setTimeout(hide, 200); };
  const show = (phrase) => {
    clearTimeout(leaving);
    if (shown === phrase) return;
    hide();
    const who = entry(phrase)?.querySelector("[id^=who-]");
    if (!who) return;
    shown = phrase;
    mark(phrase, true);
    card.replaceChildren(...[...who.children].map((part) => part.cloneNode(true)));
    // Its links stand in the list as well: the keyboard need not pass through them here.
    for (const link of card.querySelectorAll("a")) link.tabIndex = -1;
    card.hidden = false;
    const around = text.getBoundingClientRect();
    const lines = phrase.getClientRects();
    const last = lines[lines.length - 1];
    const most = Math.max(0, text.clientWidth - card.offsetWidth);
    card.style.left = `${Math.min(Math.max(0, last.left - around.left), most)}px`;
    card.style.top = `${last.bottom - around.top + 6}px`;
  };
  const phraseAt = (event) => event.target instanceof Element && event.target.closest("a.brought");

  text.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const phrase = phraseAt(event);
    if (phrase) show(phrase);
    else if (card.contains(event.target)) clearTimeout(leaving);
    else leave();
  });
  text.addEventListener("pointerleave", leave);
  text.addEventListener("focusin", (event) => {
    const phrase = phraseAt(event);
    if (phrase && phrase.matches(":focus-visible")) show(phrase);
  });
  text.addEventListener("focusout", leave);
  text.addEventListener("click", (event) => {
    const phrase = phraseAt(event);
    const touched = event.pointerType === "touch" || matchMedia("(hover: none)").matches;
    if (!phrase || !touched || event.detail === 0) return;
    event.preventDefault();
    if (shown === phrase) hide();
    else show(phrase);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", (event) => { if (!text.contains(event.target)) hide(); });
})();
