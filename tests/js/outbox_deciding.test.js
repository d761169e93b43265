// The review outbox and the server's refusals: conflicts, and decisions that wait for changes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accept, browser, conflict, json, NO_CONNECTION, recorded, save, saved } from "./doubles.js";

// Conflicts

test("a conflict holds the change and tells the other value", async () => {
  const { storage, clock, server, open } = browser();
  server.respond = () => conflict("BEAN");
  const outbox = open();
  const refused = recorded(outbox, "refused");
  outbox.put(save("company", "Bean There"));
  await clock.advance(60_000);

  assert.equal(server.requests.length, 1);
  assert.equal(refused.length, 1);
  assert.equal(refused[0].status, 409);
  const [entry] = outbox.entries;
  assert.equal(entry.held, true);
  assert.equal(entry.body.value, "Bean There");
  assert.equal(entry.problem.sentence, "Changed by somebody else.");
  assert.equal(entry.problem.conflict.value, "BEAN");
  assert.deepEqual(storage.entries, [entry]);
});

test("after a conflict one's own value can be sent, or dropped", async () => {
  for (const keepMine of [true, false]) {
    const { storage, clock, server, open } = browser();
    server.respond = (request) => (request.body.known < 7 ? conflict("BEAN") : saved(8));
    const outbox = open();
    outbox.put(save("company", "Bean There"));
    await clock.advance();
    if (keepMine) outbox.put(save("company", "Bean There", { known: 7 }));
    else outbox.drop(outbox.of(1, "company"));
    await clock.advance();
    assert.equal(server.requests.length, keepMine ? 2 : 1);
    assert.deepEqual(outbox.entries, []);
    assert.deepEqual(storage.entries, []);
  }
});

test("a conflict holds back no other field", async () => {
  const { clock, server, open } = browser();
  server.respond = (request) => (request.body.field === "company" ? conflict("BEAN") : saved(8));
  const outbox = open();
  outbox.put(save("company", "Bean There"));
  outbox.put(save("total", "3.30"));
  await clock.advance();
  assert.deepEqual(server.values, ["Bean There", "3.30"]);
  assert.deepEqual(outbox.entries.map((entry) => entry.field), ["company"]);
});

test("a value of one's own whose response was lost is no conflict", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  const refused = recorded(outbox, "refused");
  server.respond = () => NO_CONNECTION; // arrived, but the response is lost
  outbox.put(save("company", "Bean"));
  await clock.advance();
  server.respond = (request) => (request.body.known < 7 ? conflict("Bean", { mine: true }) : saved(8));
  outbox.put(save("company", "Bean There"));
  await clock.advance(500);

  assert.deepEqual(server.values, ["Bean", "Bean There", "Bean There"]);
  assert.equal(server.requests.at(-1).body.known, 7);
  assert.deepEqual(refused, []);
  assert.equal(outbox.state, "saved");
});

for (const [title, response] of [
  ["somebody else's equal value", () => conflict("Bean")],
  ["one's own value from elsewhere", () => conflict("Tea", { mine: true })],
  ["one's own withdrawn value", () => conflict("Bean", { mine: true, withdrawn: true })],
]) {
  test(`${title} stays a conflict after a lost response`, async () => {
    const { clock, server, open } = browser();
    const outbox = open();
    server.respond = () => NO_CONNECTION;
    outbox.put(save("company", "Bean"));
    await clock.advance();
    server.respond = response;
    outbox.put(save("company", "Bean There"));
    await clock.advance(500);
    assert.deepEqual(server.values, ["Bean", "Bean There"]);
    assert.equal(outbox.of(1, "company").held, true);
  });
}

for (const status of [404, 410]) {
  for (const [what, change] of [["value", () => save("company", "Bean There")], ["decision", () => accept()]]) {
    test(`a ${what} for a document that is gone (${status}) is kept, and sent again by the next page alone`, async () => {
      const { storage, clock, server, open } = browser();
      server.respond = () => new Response("<html>", { status });
      const outbox = open();
      const refused = recorded(outbox, "refused");
      outbox.put(change());
      await clock.advance(60_000);
      assert.equal(server.requests.length, 1);
      assert.equal(refused.length, 1);
      const [entry] = storage.entries;
      assert.deepEqual([entry.held, entry.gone, entry.body], [true, true, change().body]);
      assert.match(entry.problem.sentence, /^This is no longer there, .*\.$/);

      server.respond = () => saved(1);
      const later = open();
      later.start();
      await clock.advance();
      assert.deepEqual(later.entries, []);
    });
  }
}

// Other refusals

for (const status of [400, 409, 413, 422]) {
  test(`a refusal (${status}) without a sentence of the server gets one, and the value is kept`, async () => {
    const { storage, clock, server, open } = browser();
    server.respond = () => new Response("<html>", { status });
    const outbox = open();
    outbox.put(save("company", "Bean There"));
    await clock.advance();
    const [entry] = storage.entries;
    assert.equal(entry.body.value, "Bean There");
    assert.match(entry.problem.sentence, /^[A-Z].*\.$/);
  });
}

test("after a refused decision not all is saved until the next change", async () => {
  const { clock, server, open } = browser();
  server.respond = () => json(409, { error: "Decided by somebody else." });
  const outbox = open();
  outbox.put(accept());
  await clock.advance();
  assert.equal(outbox.refused, true);
  server.respond = () => saved(1);
  outbox.put(save("company", "Bean There"));
  await clock.advance();
  assert.equal(outbox.refused, false);
});

// Decisions

test("an acceptance is sent after the pending changes, with the labels that they wrote", async () => {
  const { clock, server, open } = browser();
  server.respond = (request) => (request.url.endsWith("/accept/") ? json(200, { written: [] }) : saved(20 + server.requests.length));
  const outbox = open();
  outbox.put(save("company", "Bean There", { due: clock.now() + 700 }));
  outbox.put(save("total", "3.30", { due: clock.now() + 700 }));
  outbox.flush();
  outbox.put(accept({ shown: { company: 1, total: 2, date: 3 } }));
  await clock.advance();

  assert.deepEqual(server.urls, ["/review/1/save/", "/review/1/save/", "/review/1/accept/"]);
  assert.deepEqual(server.requests.at(-1).body.shown, { company: 21, total: 22, date: 3 });
  assert.equal(outbox.state, "saved");
});

test("an acceptance waits while a change cannot be saved", async () => {
  const { storage, clock, server, open } = browser();
  server.respond = () => NO_CONNECTION;
  const outbox = open();
  outbox.put(save("company", "Bean There"));
  outbox.put(accept());
  await clock.advance(7500);
  assert.ok(server.urls.length > 1);
  assert.ok(server.urls.every((url) => url.endsWith("/save/")));
  assert.deepEqual(storage.entries.map((entry) => entry.action), ["save", "accept"]);
});

test("a refused change revokes the acceptance of its document alone", async () => {
  const { clock, server, open } = browser();
  server.respond = (request) => (request.body.field === "company" ? conflict("BEAN") : json(200, {}));
  const outbox = open();
  outbox.put(save("company", "Bean There"));
  outbox.put(accept());
  outbox.put(accept({ document: 2 }));
  await clock.advance();
  assert.deepEqual(server.urls, ["/review/1/save/", "/review/2/accept/"]);
  assert.deepEqual(outbox.entries.map((entry) => entry.action), ["save"]);
});

test("a refused acceptance is dropped and reported", async () => {
  const { storage, clock, server, open } = browser();
  server.respond = () => json(409, { error: "Total is required." });
  const outbox = open();
  const refused = recorded(outbox, "refused");
  outbox.put(accept());
  await clock.advance();
  assert.equal(refused[0].sentence, "Total is required.");
  assert.deepEqual(outbox.entries, []);
  assert.deepEqual(storage.entries, []);
});
