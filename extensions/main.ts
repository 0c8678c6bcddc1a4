import { ENGINE } from './line.ts';

/**
 * The Node process beside the window, and its child: a supervisor that never stalls, and the engine that it keeps running.
 * Each loads its own half of this program.
 */
if (process.argv.includes(ENGINE) && process.send !== undefined) {
  void import('./engine.ts').then(({ runEngine }) => runEngine());
} else {
  void import('./supervisor.ts').then(({ supervise }) => supervise());
}
