// Everything works without this file. It sees to it that nothing typed is lost when the
// session runs out meanwhile: it is kept alive by typing, and asked before sending.
"use strict";

const forms = [...document.querySelectorAll("form[data-who]")];
const out = document.getElementById("out");
const OFTEN = 4 * 60 * 1000; // the session ends after half an hour without a page
let typed = false;
let sending = false;
let asked = Date.now();

function say(words) {
  out.firstElementChild.textContent = words;
  out.hidden = words === "";
  if (words) out.scrollIntoView({ block: "center" });
}

// The form as the server gives it now, or nothing if it gives this person none.
async function fresh() {
  const answer = await fetch(location.pathname, { cache: "no-store" });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("form[data-who]");
  return form && form.dataset.who === forms[0].dataset.who ? form : null;
}

async function still_here() {
  asked = Date.now();
  try {
    const form = await fresh();
    if (!form) {
      say(out.dataset.out);
      return false;
    }
    // After signing in again the token is another; the version stays what was seen.
    const token = form.elements.csrf_token.value;
    for (const each of document.querySelectorAll("input[name=csrf_token]")) {
      each.value = token;
    }
  } catch {
    say(out.dataset.lost);
    return false;
  }
  say("");
  return true;
}

for (const form of forms) {
  form.addEventListener("input", () => {
    typed = true;
    if (Date.now() - asked > OFTEN) still_here();
  });
  form.addEventListener("submit", async (event) => {
    if (sending) return;
    event.preventDefault();
    if (!(await still_here())) return;
    sending = true;
    form.requestSubmit(event.submitter);
    sending = false;
    typed = false;
  });
}

addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
