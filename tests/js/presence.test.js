// Answers to heartbeats, which may come in any order.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Presence } from "../../extraction/static/extraction/review/presence.js";

// What was answered, in order; heartbeats wait in `waiting` for `answer(number)`.
let seen, waiting, presence;

function answer(number) {
  waiting[number - 1]({ ok: true, redirected: false, json: async () => ({ taken: { 7: `sentence ${number}` }, decided: [] }) });
}

beforeEach(() => {
  seen = [];
  waiting = [];
  globalThis.document = { hidden: false };
  globalThis.fetch = () => new Promise((resolve) => waiting.push(resolve));
  const urls = { heartbeat: "/heartbeat/", leave: "/leave/" };
  presence = new Presence({ urls, token: "token", held: () => [7], answered: ({ taken }) => seen.push(taken[7]) });
});

test("answers count in the order in which they come", async () => {
  const beats = [presence.beat(), presence.beat()];
  answer(1);
  await beats[0];
  answer(2);
  await beats[1];
  assert.deepEqual(seen, ["sentence 1", "sentence 2"]);
});

test("an answer that is older than another one says nothing", async () => {
  const beats = [presence.beat(), presence.beat()];
  answer(2);
  await beats[1];
  answer(1);
  await beats[0];
  assert.deepEqual(seen, ["sentence 2"]);
});

test("what was asked before a document was taken over says nothing", async () => {
  const before = presence.beat();
  presence.overtake();
  const after = presence.beat();
  answer(1);
  await before;
  answer(2);
  await after;
  assert.deepEqual(seen, ["sentence 2"]);
});

test("a page says with its goodbye how many heartbeats it has sent", () => {
  const beacons = [];
  Object.defineProperty(globalThis, "navigator", { value: { sendBeacon: (url, form) => beacons.push(form) }, configurable: true });
  const bodies = [];
  globalThis.fetch = (url, { body }) => (bodies.push(body), new Promise(() => {}));
  presence.beat();
  presence.beat();
  presence.leave([7]);
  presence.leave([]);
  assert.deepEqual(bodies.map((body) => body.get("number")), ["1", "2"]);
  assert.deepEqual(beacons.map((body) => body.get("number")), ["2"]);
  assert.equal(beacons[0].get("page"), bodies[0].get("page"));
  assert.match(beacons[0].get("page"), /^[0-9a-z]{1,20}$/);
});
