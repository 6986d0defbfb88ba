// Shows a notice on an inspector's own device, and opens the desk. It keeps nothing.
"use strict";

self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : { title: "Engage" };
  event.waitUntil(
    self.registration.showNotification(said.title, {
      body: said.body || "",
      // One for each flag, which rings again for each call about it.
      tag: said.title,
      renotify: true,
      requireInteraction: true,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/staff/sign-in"));
});
