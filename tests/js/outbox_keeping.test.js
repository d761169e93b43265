// The review outbox loses no change: neither offline nor with a closed page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browser, deferred, MemoryStorage, NO_CONNECTION, save, saved } from "./doubles.js";

// Keeping changes in the browser

test("every key press is stored before anything is sent", () => {
  const { storage, clock, server, open } = browser();
  const outbox = open();
  for (const text of ["B", "Be", "Bea"]) {
    outbox.put(save("company", text, { due: clock.now() + 700 }));
    assert.deepEqual(storage.entries.map((entry) => entry.body.value), [text]);
  }
  assert.deepEqual(server.requests, []);
});

test("a later page sends what an earlier one left, oldest first", async () => {
  const { clock, server, open } = browser();
  server.respond = () => NO_CONNECTION;
  const closed = open();
  closed.put(save("total", "3.30"));
  closed.put(save("company", "Bean There", { document: 2 }));
  closed.put(save("date", "25/12/2018"));
  await clock.advance();
  server.respond = () => deferred().promise; // the closed page gets no further response
  await clock.advance(500);
  const before = server.requests.length;

  server.respond = () => saved(1);
  const later = open();
  assert.equal(later.of(1, "total").body.value, "3.30");
  later.start();
  await clock.advance();
  assert.deepEqual(server.values.slice(before), ["3.30", "Bean There", "25/12/2018"]);
  assert.equal(later.state, "saved");
});

test("entries of other users and projects are left alone", async () => {
  const { storage, clock, server, open } = browser();
  storage.setItem("kdweb/review/2/1/0-0-0", JSON.stringify(save("total", "9.99")));
  const outbox = open();
  outbox.start();
  await clock.advance();
  assert.deepEqual(outbox.entries, []);
  assert.deepEqual(server.requests, []);
  assert.equal(storage.length, 1);
});

test("a change that another window has sent is not sent again", async () => {
  const { storage, clock, server, open } = browser();
  const outbox = open();
  outbox.put(save("total", "3.30"));
  storage.clear();
  await clock.advance();
  assert.deepEqual(server.requests, []);
  assert.equal(outbox.state, "saved");
});

test("a full storage keeps no change from being sent", async () => {
  class FullStorage extends MemoryStorage {
    setItem() {
      throw new DOMException("full", "QuotaExceededError");
    }
  }
  const { clock, server, open } = browser({ storage: new FullStorage() });
  server.respond = () => (server.requests.length === 1 ? NO_CONNECTION : saved(1));
  const outbox = open();
  outbox.put(save("total", "3.30"));
  await clock.advance(500);
  assert.deepEqual(server.values, ["3.30", "3.30"]);
  assert.equal(outbox.state, "saved");
});

test("an emptied field is kept, and not sent before it is filled in", async () => {
  const { storage, clock, server, open } = browser();
  const outbox = open();
  outbox.put(save("total", "", { held: true, problem: { sentence: "Total is empty." } }));
  await clock.advance(60_000);
  assert.deepEqual(server.requests, []);
  assert.equal(outbox.state, "saved");
  assert.equal(outbox.entries.length, 1);
  assert.equal(storage.entries[0].held, true);

  outbox.put(save("total", "3.30"));
  await clock.advance();
  assert.deepEqual(server.values, ["3.30"]);
  assert.deepEqual(outbox.entries, []);
});

test("text typed during a failing request is kept with it and saved last", async () => {
  const { storage, clock, server, open } = browser();
  const lost = deferred();
  server.respond = () => lost.promise;
  const outbox = open();
  outbox.put(save("company", "Bean"));
  await clock.advance();
  outbox.put(save("company", "Bean There"));
  lost.resolve(NO_CONNECTION);
  await clock.advance();
  assert.equal(outbox.of(1, "company").body.value, "Bean There");
  assert.deepEqual(storage.entries.map((entry) => entry.body.value), ["Bean", "Bean There"]);

  server.respond = () => saved(1);
  await clock.advance(500);
  assert.equal(server.values.at(-1), "Bean There");
  assert.deepEqual(storage.entries, []);
});

// Waiting for the outbox

test("idle resolves with true once everything is saved", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  outbox.put(save("company", "Bean There", { due: clock.now() + 700 }));
  const idle = outbox.idle();
  await clock.advance();
  assert.equal(await idle, true);
  assert.deepEqual(server.values, ["Bean There"]);
});

test("idle resolves with false after its patience", async () => {
  const { clock, server, open } = browser();
  server.respond = () => deferred().promise;
  const outbox = open();
  outbox.put(save("company", "Bean There"));
  let idle;
  outbox.idle(5000).then((value) => { idle = value; });
  await clock.advance(4999);
  assert.equal(idle, undefined);
  await clock.advance(1);
  assert.equal(idle, false);
});

test("emptied resolves however long saving takes", async () => {
  const { clock, server, open } = browser();
  server.respond = () => NO_CONNECTION;
  const outbox = open();
  outbox.put(save("company", "Bean There"));
  let emptied = false;
  outbox.emptied().then(() => { emptied = true; });
  await clock.advance(60_000);
  assert.equal(emptied, false);

  server.respond = () => saved(1);
  await clock.advance(15_000);
  assert.equal(emptied, true);
});
