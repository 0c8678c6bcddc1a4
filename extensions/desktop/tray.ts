import { run } from './run.ts';

/** Whoever shows the symbols of programs has this name, in the way of freedesktop.org. */
const WATCHER = 'org.kde.StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';

/**
 * Whether there is a tray. The shell does not know: on Linux it takes a symbol that nobody shows, and without anybody to
 * show it falls back on a window, which it draws in the wrong thread. On other systems there always is one.
 */
export async function hasTray(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform !== 'linux') return true;
  // Either of two programs that a desktop has.
  const answer =
    (await run('gdbus', [
      ...['call', '--session', '--dest', BUS, '--object-path', '/'],
      ...['--method', `${BUS}.NameHasOwner`, WATCHER],
    ])) ??
    (await run('dbus-send', [
      ...['--session', '--print-reply', `--dest=${BUS}`, '/'],
      ...[`${BUS}.NameHasOwner`, `string:${WATCHER}`],
    ]));
  return answer?.includes('true') === true;
}
