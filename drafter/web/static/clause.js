// The clause page while one types: the change is shown as it would be published. Everything here
// also works without: by the button "Show me the change", and by the comments' own addresses.

const PAUSE = 500;

const form = document.getElementById("say");
const shown = document.getElementById("preview");
const wording = document.getElementById("wording");

if (form && shown && wording) {
  let timer = 0;
  let asked = 0;

  const show = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      if (mine !== asked || !answer.ok) return;
      // The server's own renderer made and cleaned it: the same as on the published page.
      const html = (await answer.text()).trim();
      shown.querySelector("div").innerHTML = html;
      shown.hidden = html === "";
    } catch {
      // Without a connection the button still works later; nothing that was typed is lost.
    }
  };

  wording.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });

  // Typed before this came, or put back by the browser.
  if (wording.value !== wording.defaultValue) show();
}

// An address that names a comment on another page of this clause leads there.
const named = /^#comment-(\d+)$/.exec(location.hash);
if (named && !document.getElementById(`comment-${named[1]}`)) {
  location.replace(`/take-part/comments/${named[1]}`);
}
