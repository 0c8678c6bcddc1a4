import { html, type TemplateResult } from 'lit';
import '../../resources/elements/diagnostics-dialog.ts';
import '../../resources/elements/welcome-screen.ts';
import { reportText } from '../../server/protocol/report-text.ts';
import type { Report } from '../../server/protocol/diagnosis.ts';
import { silent } from './joining.ts';
import { addresses } from './people.ts';

/** The diagnostics. */

const report: Report = {
  at: Date.now(),
  version: '0.2.0',
  system: 'linux x64, Node 20.20.2',
  addresses,
  multicast: 'ok',
  nearby: 3,
  dataFolder: '/home/ada/.local/share/salon',
  dataPlace: 'person',
  dataWritable: true,
  freeDiskBytes: 48_300_000_000,
  hosting: null,
  clockAheadMs: null,
  diagnosis: null,
};

const dialog = (shown: Report | null, typed = '', slow = false) =>
  html`<welcome-screen .addresses=${addresses} version="0.2.0"></welcome-screen>
    <diagnostics-dialog
      open
      typed=${typed}
      ?busy=${slow}
      ?slow=${slow}
      .report=${shown}
      .text=${shown === null ? '' : reportText(shown, 'en')}
    ></diagnostics-dialog>`;

export const examining: Record<string, () => TemplateResult> = {
  diagnostics: () => dialog(report),
  'diagnostics-busy': () => dialog(null, '192.168.1.99', true),
  'diagnostics-failed': () =>
    dialog({ ...report, multicast: 'silent', nearby: 0, diagnosis: silent }, '192.168.1.99'),
  'diagnostics-hosting': () =>
    dialog(
      {
        ...report,
        hosting: {
          port: 4870,
          knocks: 2,
          reached: [
            { address: '192.168.1.24:4870', found: 'fine', ms: 3 },
            { address: '10.8.0.6:4870', found: 'refused', ms: 1 },
          ],
        },
        clockAheadMs: -240_000,
        diagnosis: {
          ...silent,
          code: 'fine',
          address: '192.168.1.31:4870',
          trials: [{ address: '192.168.1.31:4870', found: 'fine', ms: 12 }],
        },
      },
      '192.168.1.31',
    ),
};
