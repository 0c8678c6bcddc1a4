import { html, type TemplateResult } from 'lit';
import '../../resources/elements/host-dialog.ts';
import '../../resources/elements/welcome-screen.ts';
import type { Nearby } from '../../server/protocol/control.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';
import { writeJoinCode, writeSpoken } from '../../server/protocol/invite.ts';
import { addresses, fingerprints, hosting, recent } from './people.ts';

/** The first screen, as it joins and fails to. */

const nearby: Nearby = {
  state: 'ok',
  rooms: [
    {
      prefix: fingerprints[1].slice(0, 12),
      name: 'Salle 204',
      addresses: ['192.168.1.31:4870'],
      version: 1,
    },
    {
      prefix: fingerprints[5].slice(0, 12),
      name: 'Conseil de classe, troisième trimestre, avec les délégués',
      addresses: ['192.168.1.77:4872'],
      version: 1,
    },
    { prefix: 'Cg', name: 'Old forge', addresses: ['192.168.1.80:4870'], version: 2 },
  ],
};

export const silent: Diagnosis = {
  code: 'silent',
  address: '192.168.1.99:4870',
  detail: '',
  foundFingerprint: null,
  trials: [
    { address: '192.168.1.99:4870', found: 'silent', ms: 5000 },
    { address: '10.0.0.7:4870', found: 'wrongNetwork', ms: 2 },
    { address: '192.168.1.24:4870', found: 'notSalon', ms: 14 },
  ],
};

const invitation = writeJoinCode({
  fingerprint: fingerprints[1],
  addresses: [{ host: '192.168.1.31', port: 4870 }],
  id: '01J8ZQ4T7N9X5C2V6B3M1K0H11',
  secret: 'AAAAAAAAAAAAAAAAAAAAAA',
  role: 'member',
  expiresAt: null,
  uses: null,
  room: 'Salle 204',
});
const spoken = writeSpoken(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), fingerprints[1]);

const welcome = (more: {
  nearby?: Nearby;
  diagnosis?: Diagnosis;
  typed?: string;
  problem?: string;
  busy?: boolean;
}) =>
  html`<welcome-screen
    .nearby=${more.nearby ?? nearby}
    .recent=${recent}
    .addresses=${addresses}
    .diagnosis=${more.diagnosis ?? null}
    .typed=${more.typed ?? ''}
    .problem=${more.problem ?? ''}
    ?busy=${more.busy === true}
    version="0.2.0"
  ></welcome-screen>`;

export const joining: Record<string, () => TemplateResult> = {
  welcome: () => welcome({}),
  'welcome-looking': () => html`<welcome-screen .addresses=${addresses} version="0.2.0"></welcome-screen>`,
  'welcome-none': () => welcome({ nearby: { state: 'ok', rooms: [] } }),
  'welcome-silent': () => welcome({ nearby: { state: 'silent', rooms: [] } }),
  'welcome-no-network': () =>
    html`<welcome-screen
      .nearby=${{ state: 'noNetwork', rooms: [] }}
      .addresses=${[]}
      version="0.2.0"
    ></welcome-screen>`,
  'welcome-hosting': () =>
    html`<welcome-screen
      .nearby=${nearby}
      .recent=${recent}
      .addresses=${addresses}
      .hosting=${hosting}
      version="0.2.0"
    ></welcome-screen>`,
  'welcome-busy': () => welcome({ busy: true, typed: '192.168.1.31' }),
  'welcome-invitation': () => welcome({ typed: `salon://join#${invitation}` }),
  'welcome-spoken': () => welcome({ typed: spoken }),
  'welcome-failed': () => welcome({ diagnosis: silent, typed: '192.168.1.99' }),
  'welcome-damaged': () =>
    welcome({ diagnosis: { ...silent, code: 'codeDamaged' }, typed: `salon://join#${invitation.slice(2)}` }),
  'welcome-bad': () =>
    welcome({ problem: 'That is not an address. Try 192.168.1.24 or the whole link.', typed: '192.168.1' }),
  'host-dialog': () => html`${welcome({})}<host-dialog open computer="Atelier-PC"></host-dialog>`,
  'host-taken': () =>
    html`${welcome({})}<host-dialog open computer="Atelier-PC" .proposedPort=${4871}></host-dialog>`,
  'host-busy': () =>
    html`${welcome({})}<host-dialog
        open
        computer="Atelier-PC"
        busy="opening"
        problem="Salon cannot write to its data folder. Start it with --data and a folder of yours."
      ></host-dialog>`,
};
