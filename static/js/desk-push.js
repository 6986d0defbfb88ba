// Signs this device up for push, when somebody asks for it. Nothing happens by itself.
"use strict";

const form = document.getElementById("push");

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function sign_up() {
  await navigator.serviceWorker.register(form.dataset.worker, { scope: "/duty/" });
  // Until it is at work nothing can be signed up with it.
  const worker = await navigator.serviceWorker.ready;
  // What was signed up with another key of this server's is of no use any more.
  const old = await worker.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  const signed = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(form.dataset.key),
  });
  return signed.toJSON();
}

function say(words) {
  const wrong = form.querySelector("[role=alert]");
  wrong.textContent = words;
  wrong.hidden = false;
}

async function send() {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    // First of all: some browsers ask only as long as the tap is fresh.
    if ((await Notification.requestPermission()) !== "granted") {
      say(form.dataset.denied);
      return;
    }
    const { endpoint, keys } = await sign_up();
    form.elements.address.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  } catch {
    say(form.dataset.failed);
  } finally {
    button.disabled = false;
  }
}

if (form && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  document.getElementById("no-push").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
}
