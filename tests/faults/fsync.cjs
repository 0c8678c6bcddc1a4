// Loaded before a host (node --require), and by it into its storage thread: as long as the file that SALON_FSYNC_FAILS
// names is there, the system says of everything that was written that it could not be put on disk, and a dot is added to
// that file. What was written is there all the same.
const fs = require('node:fs');
const threads = require('node:worker_threads');

const marker = String(process.env['SALON_FSYNC_FAILS']);

if (threads.isMainThread) {
  const { Worker } = threads;
  Object.assign(threads, {
    Worker: class extends Worker {
      /**
       * @param {string | URL} path
       * @param {import('node:worker_threads').WorkerOptions} options
       */
      constructor(path, options) {
        super(path, { ...options, execArgv: ['--require', __filename] });
      }
    },
  });
} else {
  const { fsyncSync, openSync } = fs;
  /** @type {Map<number, string>} */
  const files = new Map();
  fs.openSync = (path, ...rest) => {
    const file = openSync(path, ...rest);
    files.set(file, String(path));
    return file;
  };
  fs.fsyncSync = (file) => {
    // What the host tries with a file of its own gets through: only then does it look at the room's again.
    if (fs.existsSync(marker) && !files.get(file)?.includes('probe')) {
      fs.appendFileSync(marker, '.');
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' });
    }
    fsyncSync(file);
  };
}
