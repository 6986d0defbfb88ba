// Everything works without this file, by reloading. It lets the minutes run, plays a
// sound for a new flag where somebody asked for it, and says when the page has gone deaf.
"use strict";

// How much time is left, between two looks at the server.
function run_minutes() {
  for (const one of document.querySelectorAll("time[data-due]")) {
    const minutes = Math.floor((one.dataset.due * 1000 - Date.now()) / 60000);
    const words = minutes < 0 ? one.dataset.late : one.dataset.left;
    one.textContent = words.replace("{}", Math.abs(minutes));
    one.classList.toggle("late", minutes < 0);
  }
}
setInterval(run_minutes, 15000);

const sound = document.querySelector("[data-sound]");
let speaker = null;

function ring() {
  if (!speaker) return;
  for (const [at, pitch] of [[0, 660], [0.25, 880], [0.5, 660]]) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, speaker.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.001, speaker.currentTime + at + 0.22);
    tone.connect(volume).connect(speaker.destination);
    tone.start(speaker.currentTime + at);
    tone.stop(speaker.currentTime + at + 0.24);
  }
}

if (sound) {
  sound.hidden = false;
  sound.addEventListener("click", () => {
    const on = sound.getAttribute("aria-pressed") !== "true";
    sound.setAttribute("aria-pressed", String(on));
    if (on) speaker = new AudioContext();
    else {
      speaker.close();
      speaker = null;
    }
    ring(); // so that whoever asked for it knows what it is like
  });
  // Again while something waits: one ring is easily missed.
  setInterval(() => {
    const desk = document.getElementById("desk");
    if (desk && Number(desk.dataset.waiting)) ring();
  }, 60000);
}
document.addEventListener("flag", ring);

const silent = document.getElementById("silent");

function deaf(words) {
  if (!silent || silent.textContent === words) return;
  silent.textContent = words;
  silent.hidden = false;
}

document.addEventListener("htmx:sendError", () => silent && deaf(silent.dataset.lost));
document.addEventListener("htmx:timeout", () => silent && deaf(silent.dataset.lost));
document.addEventListener("htmx:responseError", (event) => {
  if (!silent) return;
  const gone = event.detail.xhr.status === 404;
  deaf(gone ? silent.dataset.out : silent.dataset.lost);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (silent && event.detail.successful) {
    silent.hidden = true;
    silent.textContent = "";
  }
});
