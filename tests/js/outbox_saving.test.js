// The review outbox saves changes in order and repeats failed requests.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browser, conflict, deferred, json, NO_CONNECTION, recorded, save, saved } from "./doubles.js";

// Saving

test("changes are sent one at a time in the order in which they were made", async () => {
  const { storage, clock, server, open } = browser();
  const responses = [deferred(), deferred(), deferred()];
  server.respond = () => responses[server.requests.length - 1].promise;
  const outbox = open();
  outbox.put(save("company", "Bean There"));
  outbox.put(save("total", "3.30"));
  outbox.put(save("date", "25/12/2018"));
  assert.equal(outbox.state, "saving");

  for (const [index, value] of ["Bean There", "3.30", "25/12/2018"].entries()) {
    await clock.advance();
    assert.equal(server.values.length, index + 1);
    assert.equal(server.values[index], value);
    responses[index].resolve(saved(index + 1));
  }
  await clock.advance();
  assert.equal(outbox.state, "saved");
  assert.deepEqual(storage.entries, []);
});

test("a request is a POST of the change as JSON with the CSRF header", async () => {
  const { clock, server, open } = browser();
  open().put(save("total", "3.30", { known: 4 }));
  await clock.advance();

  const [request] = server.requests;
  assert.equal(request.url, "/review/1/save/");
  assert.equal(request.method, "POST");
  assert.deepEqual(request.body, { field: "total", value: "3.30", known: 4 });
  assert.equal(request.headers["X-CSRFToken"], "token");
  assert.equal(request.headers["Content-Type"], "application/json");
  assert.equal(request.keepalive, true);
});

test("a text is sent once, after the pause in typing", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  for (const text of ["B", "Be", "Bea", "Bean"]) {
    outbox.put(save("company", text, { due: clock.now() + 700 }));
    await clock.advance(100);
  }
  assert.deepEqual(server.values, []);

  await clock.advance(700);
  assert.deepEqual(server.values, ["Bean"]);
});

test("flush sends a text without waiting for the pause", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  outbox.put(save("company", "Bean", { due: clock.now() + 700 }));
  outbox.flush();
  await clock.advance();
  assert.deepEqual(server.values, ["Bean"]);
});

test("a change made during a request is sent after it, based on its result", async () => {
  const { clock, server, open } = browser();
  const first = deferred();
  server.respond = () => (server.requests.length === 1 ? first.promise : saved(12));
  const outbox = open();
  const done = recorded(outbox, "done");
  outbox.put(save("company", "Bean"));
  await clock.advance();
  outbox.put(save("company", "Bean There"));
  await clock.advance();
  assert.deepEqual(server.values, ["Bean"]);

  first.resolve(saved(11));
  await clock.advance();
  assert.deepEqual(server.values, ["Bean", "Bean There"]);
  assert.equal(server.requests[1].body.known, 11);
  assert.deepEqual(done.map(({ answer }) => answer.label), [11, 12]);
  assert.equal(outbox.state, "saved");
});

// Failures

for (const [title, failure] of [
  ["no connection", () => NO_CONNECTION],
  ["an error of the server", () => new Response("", { status: 502 })],
  ["too many requests", () => new Response("", { status: 429 })],
  ["a page of somebody on the way in place of an answer", () => new Response("<html>", { status: 200 })],
]) {
  test(`a change is sent again with growing delays after ${title}`, async () => {
    const { storage, clock, server, open } = browser();
    server.respond = failure;
    const outbox = open();
    outbox.put(save("total", "3.30"));
    await clock.advance();
    assert.equal(outbox.state, "waiting");

    for (const [failures, delay] of [500, 1000, 2000, 4000, 8000, 15000, 15000].entries()) {
      await clock.advance(delay - 1);
      assert.equal(server.requests.length, failures + 1);
      await clock.advance(1);
      assert.equal(server.requests.length, failures + 2);
    }
    assert.equal(storage.entries[0].body.value, "3.30");

    server.respond = () => saved(1);
    await clock.advance(15000);
    assert.equal(outbox.state, "saved");
    assert.deepEqual(storage.entries, []);
  });
}

test("order is kept over a failure", async () => {
  const { clock, server, open } = browser();
  server.respond = () => NO_CONNECTION;
  const outbox = open();
  outbox.put(save("company", "Bean There"));
  outbox.put(save("total", "3.30"));
  await clock.advance();
  assert.deepEqual(server.values, ["Bean There"]);

  server.respond = () => saved(1);
  await clock.advance(500);
  assert.deepEqual(server.values, ["Bean There", "Bean There", "3.30"]);
});

test("a repeated request goes without keepalive", async () => {
  const { clock, server, open } = browser();
  server.respond = (request) => (request.keepalive ? NO_CONNECTION : saved(1));
  const outbox = open();
  outbox.put(save("total", "3.30"));
  await clock.advance(500);
  assert.deepEqual(server.requests.map((request) => request.keepalive), [true, false]);
  assert.equal(outbox.state, "saved");
});

test("a large change goes without keepalive at once, as browsers would reject it", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  outbox.put(save("items", "x".repeat(70_000)));
  await clock.advance();
  assert.deepEqual(server.requests.map((request) => request.keepalive), [false]);
  assert.equal(outbox.state, "saved");
});

test("changes of different rows of a table are sent one by one, each on the basis of the one before", async () => {
  const { clock, server, open } = browser();
  const outbox = open();
  const change = (value, visit) => ({ ...save("items", value), visit, row: visit, body: { field: "items", value, known: 0, base: 5 } });
  const answers = [["[1]", 6], ["[1, 2, theirs]", 7], ["[1, 2, 3, theirs]", 8]];
  server.respond = () => {
    const [value, label] = answers[server.requests.length - 1];
    return json(200, { label, field: { label, known: label, value } });
  };
  outbox.put(change("[0]", 1));
  outbox.put(change("[1]", 1));
  outbox.put(change("[1, 2]", 2));
  outbox.put(change("[1, 2, 3]", 3));
  await clock.advance();
  assert.deepEqual(server.values, ["[1]", "[1, 2]", "[1, 2, 3]"]);
  // The last one was made before the page knew the other person's row: it is based on what was sent, not on the label.
  assert.deepEqual(server.requests.map((request) => request.body.base), [5, 6, "[1, 2]"]);
});

test("a table's own change, whose answer was lost, is the basis of the next one", async () => {
  const { clock, server, open } = browser();
  server.respond = () => NO_CONNECTION;
  const outbox = open();
  const change = (value) => ({ ...save("items", value), visit: 1, row: 1, body: { field: "items", value, known: 0, base: 5 } });
  outbox.put(change("[1]"));
  await clock.advance();
  outbox.put(change("[2]"));
  server.respond = () => (server.requests.at(-1).body.base === 7 ? saved(8) : conflict("[1]", { mine: true }));
  await clock.advance(2000);
  assert.deepEqual(server.requests.map((request) => request.body.base), [5, 5, 7]);
  assert.equal(outbox.state, "saved");
});

test("retry sends at once when the connection is back", async () => {
  const { clock, server, open } = browser();
  server.respond = () => NO_CONNECTION;
  const outbox = open();
  outbox.put(save("total", "3.30"));
  await clock.advance(500 + 1000 + 2000);
  const before = server.requests.length;

  server.respond = () => saved(1);
  outbox.retry();
  await clock.advance();
  assert.equal(server.requests.length, before + 1);
  assert.equal(outbox.state, "saved");
});

for (const [title, response] of [
  ["401", () => new Response("", { status: 401 })],
  ["403", () => new Response("", { status: 403 })],
  ["a redirect to the login page", () => Object.defineProperty(new Response("login"), "redirected", { value: true })],
]) {
  test(`after ${title} nothing is sent or lost until the next login`, async () => {
    const { storage, clock, server, open } = browser();
    server.respond = response;
    const outbox = open();
    outbox.put(save("company", "Bean There"));
    outbox.put(save("total", "3.30"));
    await clock.advance(60_000);
    assert.equal(outbox.state, "blocked");
    assert.equal(server.requests.length, 1);
    assert.deepEqual(storage.entries.map((entry) => entry.body.value), ["Bean There", "3.30"]);

    server.respond = () => saved(1);
    outbox.retry();
    await clock.advance();
    assert.deepEqual(server.values.slice(1), ["Bean There", "3.30"]);
    assert.equal(outbox.state, "saved");
  });
}
