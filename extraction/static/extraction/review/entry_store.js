// Persistent storage of the outbox's entries, one key per entry: prefix + id.

let counter = 0;

export class EntryStore {
  #prefix;
  #storage;

  // storage(): a Storage such as localStorage; a function, because a browser that denies access throws on reading the
  // property itself.
  constructor(prefix, storage) {
    this.#prefix = prefix;
    this.#storage = storage;
  }

  // All entries, oldest first; none where the storage cannot be used.
  read() {
    try {
      const storage = this.#storage();
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
      return keys.filter((key) => key.startsWith(this.#prefix)).sort().map((key) => JSON.parse(storage.getItem(key)));
    } catch {
      return [];
    }
  }

  write(entry) {
    try {
      this.#storage().setItem(this.#prefix + entry.id, JSON.stringify(entry));
    } catch {
      // Quota exceeded or access denied: the entry exists in memory alone and is sent from there.
      entry.unstored = true;
    }
  }

  // False if another window has sent and removed the entry.
  has(entry) {
    return Boolean(entry.unstored) || this.#storage().getItem(this.#prefix + entry.id) !== null;
  }

  remove(entry) {
    try {
      this.#storage().removeItem(this.#prefix + entry.id);
    } catch {
      // A storage that cannot be used holds no entries.
    }
  }
}

// An id whose lexicographic order is the order of creation. now: ms since the epoch.
export function newId(now) {
  counter += 1;
  const random = Math.floor(Math.random() * 36 ** 4).toString(36).padStart(4, "0");
  return `${now.toString(36).padStart(9, "0")}-${String(counter).padStart(6, "0")}-${random}`;
}
