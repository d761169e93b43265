// Uploading: every file in a request of its own, so that a bad one harms no other; three at a time. An archive's answer
// names each file in it.
"use strict";

(() => {
  const form = document.getElementById("upload");
  const AT_ONCE = 3;
  const BATCH = 100; // files of a dropped folder that are queued together, before the rest of it is listed
  const panel = form.querySelector(".drop-progress");
  const bar = document.getElementById("upload-bar");
  const state = document.getElementById("upload-state");
  const refusals = document.getElementById("uploads");
  const waiting = [];
  const running = new Map(); // request → share of its file that has gone out
  const count = { total: 0, added: 0, known: 0, refused: 0 };
  let announced = 0;

  form.querySelectorAll(".needs-script").forEach((part) => { part.hidden = false; });

  // Before each choice or drop: what came before is told no longer, unless it is still under way.
  function begin() {
    if (waiting.length || running.size) return;
    Object.assign(count, { total: 0, added: 0, known: 0, refused: 0 });
    refusals.replaceChildren();
  }

  function take(files) {
    const wanted = [...files].filter((file) => !file.name.startsWith("."));
    if (!wanted.length) return;
    count.total += wanted.length;
    wanted.forEach((file) => waiting.push(file));
    panel.hidden = false;
    while (running.size < AT_ONCE && waiting.length) send(waiting.shift());
    show();
  }

  function send(file) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file);
    body.append("split", form.elements.split.value);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(window.kd.csrf())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) running.set(request, event.loaded / event.total);
      show();
    });
    request.addEventListener("loadend", () => {
      running.delete(request);
      settle(file, request);
      if (waiting.length) send(waiting.shift());
      show();
    });
    running.set(request, 0);
    request.send(body);
  }

  function settle(file, request) {
    const answer = parsed(request);
    const rows = answer?.results || [{ error: answer?.error || reason(request) }];
    const sent = file.webkitRelativePath || file.name;
    count.total += rows.length - 1;
    rows.forEach((row) => {
      if (row.error) {
        count.refused += 1;
        refuse(sent + member(row.name || ""), row.error);
      } else {
        count[row.created ? "added" : "known"] += 1;
      }
    });
    if (rows.some((row) => !row.error)) announce();
  }

  // Where in an archive a file lies that the server calls "archive.zip/folder/name.jpg"; a file's own name has no slash.
  function member(name) {
    return name.includes("/") ? name.slice(name.indexOf("/")) : "";
  }

  function parsed(request) {
    try {
      return JSON.parse(request.responseText);
    } catch {
      return null;
    }
  }

  function reason(request) {
    if (request.status === 0) return "The server could not be reached, or the upload was stopped.";
    if (request.responseURL !== form.action) return "You are logged out; log in again and repeat it.";
    if (request.status === 403) return "You may not add documents here.";
    if (request.status === 413) return "The file is too large for the server.";
    return `The server could not take it (error ${request.status}).`;
  }

  function refuse(path, sentence) {
    const item = document.createElement("li");
    const name = document.createElement("strong");
    name.textContent = path;
    const why = document.createElement("span");
    why.className = "error";
    why.textContent = sentence;
    item.append(name, " ", why);
    refusals.append(item);
  }

  function show() {
    const settled = count.added + count.known + count.refused;
    const moving = [...running.values()].reduce((sum, share) => sum + share, 0);
    bar.max = Math.max(count.total, 1);
    bar.value = settled + moving;
    const parts = [`${settled} of ${count.total} files`];
    if (count.added) parts.push(`${count.added} new`);
    if (count.known) parts.push(`${count.known} known already`);
    if (count.refused) parts.push(`${count.refused} not taken`);
    // An archive has gone out long before each of its files is looked at.
    if (running.size && moving === running.size) parts.push("checking…");
    state.textContent = parts.join(" · ");
    const over = !waiting.length && !running.size;
    bar.hidden = over;
    document.getElementById("upload-stop").hidden = over;
    if (over) announce(true);
  }

  // Tell the list that there is more to show, but not for each of a thousand files.
  function announce(now) {
    if (!now && Date.now() - announced < 1500) return;
    announced = Date.now();
    if (count.added) document.querySelector("form.filters").hidden = false;
    window.htmx.trigger(document.body, "uploaded");
    window.htmx.trigger(document.body, "documents-changed");
  }

  async function* filesOf(entry) {
    if (entry.isFile) {
      yield await new Promise((resolve, reject) => entry.file(resolve, reject));
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      // A reader hands out a hundred entries at a time.
      const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!entries.length) return;
      for (const inner of entries) yield* filesOf(inner);
    }
  }

  async function dropped(transfer) {
    const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
    if (!entries.length || entries.includes(undefined) || entries.includes(null)) {
      take(transfer.files);
      return;
    }
    let batch = [];
    for (const entry of entries) {
      for await (const file of filesOf(entry)) {
        batch.push(file);
        if (batch.length < BATCH) continue;
        take(batch);
        batch = [];
      }
    }
    take(batch);
  }

  form.querySelectorAll("input[type=file]").forEach((input) => {
    input.addEventListener("change", () => {
      begin();
      take(input.files);
      input.value = "";
    });
  });

  document.getElementById("upload-stop").addEventListener("click", () => {
    count.total -= waiting.length;
    waiting.length = 0;
    running.forEach((_, request) => request.abort());
  });

  let inside = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (carries(event)) form.classList.toggle("over", (inside += 1) > 0);
  });
  document.addEventListener("dragleave", (event) => {
    if (carries(event)) form.classList.toggle("over", (inside -= 1) > 0);
  });
  document.addEventListener("dragover", (event) => {
    if (carries(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    inside = 0;
    form.classList.remove("over");
    begin();
    dropped(event.dataTransfer).catch(() => window.kd.flash("bad", "The dropped files could not be opened."));
  });

  window.addEventListener("beforeunload", (event) => {
    if (running.size) event.preventDefault();
  });
})();
