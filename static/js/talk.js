// Everything works without this file. It makes leaving instant, saves reloads,
// puts the focus on the next question, and shows a look before it is kept.
"use strict";

const page = document.documentElement;

// Leave: blank at once, tell the server, and put a neutral page in place of this one.
function leave(form) {
  const token = new FormData(form);
  token.append("already", "gone"); // the page goes by itself, and needs no address
  page.replaceChildren(document.createElement("body"));
  navigator.sendBeacon("/leave", token);
  location.replace(form.dataset.leave);
}

const way_out = document.querySelector("form[data-leave]");

if (way_out) {
  way_out.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(way_out);
  });

  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    pressed = [...pressed.filter((at) => event.timeStamp - at < 1500), event.timeStamp];
    if (pressed.length >= 3) leave(way_out);
  });
}

// A page kept by the browser for its Back button may be somebody else's: ask again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// A fresh talk page opens at its question. The end is only the end of a long log.
function show_question(focus) {
  const question = document.getElementById("q");
  const turn = document.getElementById("turn");
  if (!question || !turn) return;
  if (focus) question.focus({ preventScroll: true });
  // What the bot says when it is worried comes before its question: start there.
  const said = [...document.querySelectorAll("#log .me")].pop();
  if (said && turn.classList.contains("serious")) {
    said.scrollIntoView({ block: "start", behavior: "instant" });
    return;
  }
  const fits = turn.offsetHeight < innerHeight - 120;
  (fits ? turn : question).scrollIntoView({
    block: fits ? "end" : "start",
    behavior: "instant",
  });
}

if (document.getElementById("log")) show_question(false);

const lost = document.getElementById("lost");

// Now and then the page asks whether the duty inspector has written (#from). Not while
// nobody can see it, and not for ever. Whether that works is no matter of the answers.
const asks = (event) => event.detail.elt.id === "from";
const FOR = 30 * 60 * 1000;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (asks(event)) {
    if (document.hidden || event.timeStamp > FOR) event.preventDefault();
  } else if (lost) {
    lost.hidden = true;
  }
});

// What they wrote comes above the question, which stays where it is under the finger.
let top_of_turn = null;
const turn_at = () => document.getElementById("turn").getBoundingClientRect().top;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (asks(event)) top_of_turn = turn_at();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "from" || top_of_turn === null) return;
  for (const each of [document.getElementById("main"), page])
    each.scrollTop += turn_at() - top_of_turn;
  top_of_turn = null;
});

// A whole page came back (the talk was deleted or left elsewhere): go there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 && /^\s*<!doctype/i.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    location.replace(xhr.responseURL || "/talk");
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "turn") show_question(true);
});

for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    if (!lost || asks(event)) return;
    lost.hidden = false;
    lost.scrollIntoView({ block: "end", behavior: "instant" });
  });
}

// The look changes as it is chosen, and is kept when it is sent.
const looks = document.querySelector("form[data-look]");
if (looks) {
  looks.addEventListener("change", () => {
    const chosen = [...looks.querySelectorAll("input:checked")].map((one) => one.value);
    page.className = chosen.filter(Boolean).join(" ");
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
