// Draws the change while one types. Everything works without it: the button does the same.
// A form has one place for it, or one beside each clause, known by the same id in the answer.
for (const form of document.querySelectorAll("form[data-preview], form[data-previews]")) {
  const place = document.getElementById(form.dataset.preview);
  let timer, asked;

  const show = (text) => {
    const found = new DOMParser().parseFromString(text, "text/html");
    for (const part of found.querySelectorAll("[id^=preview-]")) {
      const mine = document.getElementById(part.id);
      if (mine && mine.innerHTML !== part.innerHTML) mine.innerHTML = part.innerHTML;
    }
  };

  const draw = async () => {
    asked?.abort();
    asked = new AbortController();
    const sent = new FormData(form);
    sent.set("do", "preview");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(sent),
        headers: { "X-Drafter-Preview": "1" },
        signal: asked.signal,
      });
      const drawn = answer.headers.get("Content-Type")?.startsWith("text/html");
      if (!drawn || !answer.ok) return;
      const text = await answer.text();
      if (place) place.innerHTML = text;
      else show(text);
    } catch {
      // Left as it was: the button still shows the change.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 400);
  });

  // Typed before this came, or put back by the browser.
  const typed = (field) => field.value !== field.defaultValue;
  if ([...form.querySelectorAll("textarea")].some(typed)) draw();
}
