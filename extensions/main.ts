import { LINK } from './desktop/starter.ts';
import { ENGINE } from './line.ts';

/**
 * The Node process beside the window, and its child: a supervisor that never stalls, and the engine that it keeps running.
 * Each loads its own part of this program, and so does whoever only passes a link on.
 */
if (process.argv.includes(ENGINE) && process.send !== undefined) {
  void import('./engine.ts').then(({ runEngine }) => runEngine());
} else if (process.argv.includes(LINK)) {
  void import('./passing-on.ts').then(({ passOn }) => passOn());
} else {
  void import('./supervisor.ts').then(({ supervise }) => supervise());
}
