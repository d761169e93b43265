// The documents that the review page fetches in advance.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Upcoming } from "../../extraction/static/extraction/review/upcoming.js";
import { deferred, NO_CONNECTION } from "./doubles.js";

// A queue of documents 1, 2, …, `length`; open: the document that the page shows.
function queue({ length = 20, open = 0 } = {}) {
  const state = { open, online: true, asked: 0 };
  const upcoming = new Upcoming(async () => {
    state.asked += 1;
    if (!state.online) throw NO_CONNECTION;
    const next = (upcoming.documents.at(-1) ?? state.open) + 1;
    return next <= length ? { document: next } : null;
  }, (document) => document === state.open);
  return { state, upcoming };
}

test("five documents are fetched in advance, in the order of the queue", async () => {
  const { state, upcoming } = queue();
  await upcoming.fill();
  assert.deepEqual(upcoming.documents, [1, 2, 3, 4, 5]);
  assert.equal(state.asked, 5);
});

test("they go on one by one without a connection, each once", async () => {
  const { state, upcoming } = queue();
  await upcoming.fill();
  state.online = false;
  const seen = [];
  for (let sheet = upcoming.take(); sheet; sheet = upcoming.take()) seen.push(sheet.document);
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  await assert.rejects(upcoming.load());
});

test("what could not be fetched is fetched once there is a connection", async () => {
  const { state, upcoming } = queue();
  state.online = false;
  await upcoming.fill();
  await assert.rejects(upcoming.load());
  state.online = true;
  await upcoming.load();
  assert.equal(upcoming.take().document, 1);
});

test("the queue ends with null, and asks no further", async () => {
  const { state, upcoming } = queue({ length: 2 });
  await upcoming.fill();
  assert.deepEqual(upcoming.documents, [1, 2]);
  assert.equal(state.asked, 3);
  upcoming.take();
  upcoming.take();
  state.open = 2;
  await upcoming.load();
  assert.equal(upcoming.take(), undefined);
});

test("a document that was opened meanwhile is not its own next", async () => {
  const { promise, resolve } = deferred();
  let open = 0;
  const answers = [promise, Promise.resolve(null)];
  const upcoming = new Upcoming(() => answers.shift(), (document) => document === open);
  const filled = upcoming.fill();
  open = 1;
  resolve({ document: 1 });
  await filled;
  assert.deepEqual(upcoming.documents, []);
});

test("a document that somebody else took is forgotten", async () => {
  const { upcoming } = queue();
  await upcoming.fill();
  upcoming.drop(2);
  assert.deepEqual(upcoming.documents, [1, 3, 4, 5]);
});

test("only what is to be shown at once is asked for as such", async () => {
  const asked = [];
  const upcoming = new Upcoming(async (now) => {
    asked.push(now);
    return asked.length === 2 ? { document: 7 } : null;
  }, () => false);
  await upcoming.fill();
  await upcoming.load();
  assert.equal(upcoming.take().document, 7);
  assert.deepEqual(asked, [false, true]);
});

test("whoever shows what is loaded ahead is told of each change", async () => {
  const seen = [];
  const answers = [{ document: 1 }, { document: 2 }, null];
  const upcoming = new Upcoming(async () => answers.shift(), () => false, () => seen.push(upcoming.documents.join()));
  await upcoming.fill();
  upcoming.take();
  upcoming.drop(2);
  assert.deepEqual(seen, ["1", "1,2", "2", ""]);
});
