// Signs this device up for push, when somebody asks for it. Nothing happens by itself.
"use strict";

const form = document.getElementById("push");

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

if (form && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const worker = await navigator.serviceWorker.register(form.dataset.worker, {
        scope: "/duty/",
      });
      const signed = await worker.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(form.dataset.key),
      });
      const { endpoint, keys } = signed.toJSON();
      form.elements.address.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
    } catch {
      form.querySelector("p").hidden = false;
    }
  });
}
