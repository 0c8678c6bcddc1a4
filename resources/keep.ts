import type { Control, Keep } from './state/ports.ts';

/** Where small texts survive: with the extension's files in an app, in the browser's own database otherwise. */

export function keepInApp(control: Control): Keep {
  return {
    async all(prefix) {
      return (await control.ask('keep.all', { prefix })).entries;
    },
    async set(key, value) {
      await control.ask('keep.set', { key, value });
    },
  };
}

const STORE = 'kept';

/** `strict` makes the browser wait for its disk: a message must outlive a crash before it is first sent. */
export async function keepInBrowser(): Promise<Keep> {
  const database = await openDatabase().catch(() => null);
  return database === null ? keepInMemory() : keepInDatabase(database);
}

/** Whoever clears what a browser has of a page closes its database as well: it is opened, and made, again. */
function keepInDatabase(first: IDBDatabase): Keep {
  let opened: Promise<IDBDatabase> | null = null;
  const take = (database: IDBDatabase) => {
    database.addEventListener('close', () => (opened = null));
    return database;
  };
  const open = () => {
    opened ??= openDatabase().then(take);
    opened.catch(() => (opened = null));
    return opened;
  };
  opened = Promise.resolve(take(first));
  return {
    async all(prefix) {
      const database = await open();
      const store = database.transaction(STORE, 'readonly').objectStore(STORE);
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
      return keys.flatMap((key, i) =>
        typeof key === 'string' ? [[key, String(values[i])] as [string, string]] : [],
      );
    },
    async set(key, value) {
      const database = await open();
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore(STORE);
      if (value === null) store.delete(key);
      else store.put(value, key);
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = transaction.onerror = () =>
          reject(new Error('the browser could not keep this'));
      });
    },
  };
}

/** A browser that keeps nothing, in some private modes: all works until the page closes. */
function keepInMemory(): Keep {
  const kept = new Map<string, string>();
  return {
    all: (prefix) => Promise.resolve([...kept].filter(([key]) => key.startsWith(prefix))),
    set: (key, value) => {
      if (value === null) kept.delete(key);
      else kept.set(key, value);
      return Promise.resolve();
    },
  };
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('salon', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser could not keep this'));
  });
}
