// The review outbox after work without a connection: one decision for each document, and no conflict with oneself.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accept, browser, conflict, json, NO_CONNECTION, recorded, save, saved } from "./doubles.js";

const skip = { document: 1, name: "1.jpg", url: "/review/1/", action: "skip", body: {} };

// A server that is out of reach until online() is called, and then answers with `respond`.
function offline(respond) {
  const all = browser();
  all.server.respond = () => NO_CONNECTION;
  const online = async (outbox) => {
    all.server.requests = [];
    all.server.respond = respond;
    outbox.retry();
    await all.clock.advance();
  };
  return { ...all, online };
}

test("a document takes no second decision while the first is on its way", async () => {
  const { clock, server, open, online } = offline(() => json(200, { written: [] }));
  const outbox = open();
  assert.equal(outbox.put(accept()), true);
  await clock.advance(500);
  for (const again of [accept(), skip]) assert.equal(outbox.put(again), false);
  assert.equal(outbox.put(accept({ document: 2 })), true);
  assert.equal(outbox.pending.length, 2);

  await online(outbox);
  assert.deepEqual(server.urls, ["/review/1/accept/", "/review/2/accept/"]);
  assert.equal(outbox.put(accept()), true);
});

test("a change takes back a decision that was not sent", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  const revoked = recorded(outbox, "revoked");
  outbox.put(accept());
  outbox.put(save("company", "Bean"));
  assert.deepEqual(revoked, [{ document: 1 }]);
  await clock.advance();
  assert.deepEqual(server.urls, ["/review/1/save/"]);
});

test("a change after a decision that may have arrived reopens the document first", async () => {
  const { clock, server, open, online } = offline((request) =>
    request.url.endsWith("/accept/") ? json(200, { written: [{ field: "company", label: 9 }] }) : saved(10));
  const outbox = open();
  outbox.put(accept({ shown: { company: 1 } }));
  await clock.advance(500);
  outbox.put(save("company", "Bean"));
  assert.equal(outbox.decision(1), undefined);
  assert.equal(outbox.put(accept({ shown: { company: 1 } })), true);

  await online(outbox);
  assert.deepEqual(server.urls.map((url) => url.split("/").at(-2)), ["accept", "reopen", "save", "accept"]);
  // The change knows the row that the first decision wrote, the second decision that of the change.
  assert.equal(server.requests[2].body.known, 9);
  assert.equal(server.requests[3].body.shown.company, 10);
  assert.deepEqual(outbox.entries, []);
});

test("a refused value gives way to a newer one of the same field", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  const refused = recorded(outbox, "refused");
  let answer;
  server.respond = () => new Promise((resolve) => { answer = resolve; });
  outbox.put(save("company", "Bean"));
  await clock.advance();
  outbox.put(save("company", "Bean There"));
  server.respond = () => saved(8);
  answer(conflict("BEAN"));
  await clock.advance();

  assert.deepEqual(server.values, ["Bean", "Bean There"]);
  assert.deepEqual(refused, []);
  assert.deepEqual(outbox.entries, []);
});
