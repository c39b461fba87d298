/* Shows notices while no page is open. Served as it is, at the root, so that it may act for the whole origin. */
'use strict';

const ADDRESS = '/api/v1/organization/notice/browser';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const said = event.data ? event.data.json() : {};
  const shown = self.registration.showNotification(said.title || 'HEROES', { tag: said.tag || 'heroes', data: { path: said.path || '/' } });
  event.waitUntil(shown);
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const to = new URL(event.notification.data.path, self.location.origin);
  if (to.origin === self.location.origin) event.waitUntil(look(to));
});

/* Somebody may be at work in any other page: only one that shows this already, whichever part of it, comes to the front. */
async function look(to) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = pages.find((page) => `${new URL(page.url).pathname}/`.startsWith(`${to.pathname}/`));
  return there ? there.focus() : self.clients.openWindow(to.href);
}

/* The push service gave this browser another address: the platform is told, as far as somebody is signed in. */
self.addEventListener('pushsubscriptionchange', (event) => {
  if (event.oldSubscription) event.waitUntil(renew(event));
});

async function renew(event) {
  const made = event.newSubscription || (await self.registration.pushManager.subscribe(event.oldSubscription.options));
  const { endpoint, keys } = made.toJSON();
  const headers = { 'Content-Type': 'application/json', 'X-Heroes-Csrf': '1' };
  await fetch(ADDRESS, { method: 'POST', headers, body: JSON.stringify({ endpoint, p256dh: keys.p256dh, auth: keys.auth }) });
}
