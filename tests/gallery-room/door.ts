import { ulid } from 'ulid';
import { toBase64url } from '../../server/protocol/base64url.ts';
import type { CardAddress, Id, Invite, Knock, RoomSettings } from '../../server/protocol/entities.ts';
import { writeJoinCode, writeSpoken } from '../../server/protocol/invite.ts';

/** What the pretended host says about its door: addresses, codes, knocks, bans. */

const MINUTE = 60_000;

export const FINGERPRINT = toBase64url(Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 8) % 251));

const ADDRESSES: CardAddress[] = [
  { address: '192.168.1.24', card: 'wlp2s0', kind: 'wifi', loopback: false },
  { address: '10.20.0.7', card: 'enp3s0', kind: 'ethernet', loopback: false },
  { address: '10.8.0.2', card: 'wg0', kind: 'vpn', loopback: false },
  { address: '172.17.0.1', card: 'docker0', kind: 'virtual', loopback: false },
  { address: '127.0.0.1', card: 'lo', kind: 'loopback', loopback: true },
];

export class PretendDoor {
  invites: Invite[] = [];
  knocks: Knock[] = [];
  bans: { memberId: Id; at: number }[] = [];
  addresses = ADDRESSES;
  /** Commands that are refused. */
  refused = new Set<string>();
  readonly #name: () => string;

  constructor(name: () => string) {
    this.#name = name;
  }

  invite(role: 'member' | 'guest', expiresInMs: number | null, uses: number | null, used = 0): Invite {
    const id = ulid();
    const secret = Uint8Array.from({ length: 16 }, (_, i) => (i * 91 + this.invites.length * 17 + 5) % 256);
    const expiresAt = expiresInMs === null ? null : Date.now() + expiresInMs;
    const code = writeJoinCode({
      fingerprint: FINGERPRINT,
      addresses: this.addresses.map(({ address }) => ({ host: address, port: 4870 })),
      id,
      secret: toBase64url(secret),
      role,
      expiresAt,
      uses,
      room: this.#name(),
    });
    const spoken = writeSpoken(secret, FINGERPRINT);
    const made: Invite = {
      id,
      role,
      createdAt: Date.now(),
      expiresAt,
      uses,
      used,
      state: 'live',
      code,
      spoken,
    };
    this.invites.unshift(made);
    return made;
  }

  end(id: unknown, state: Invite['state'] = 'revoked') {
    this.invites = this.invites.map((each) =>
      each.id === id ? { ...each, state, code: '', spoken: '' } : each,
    );
  }

  knock(address: string, reached: Knock['reached'], ended: string | null, ago: number, times = 1) {
    this.knocks.push({ at: Date.now() - ago * MINUTE, address, reached, ended, times });
  }

  change(settings: RoomSettings, change: Record<string, unknown>): RoomSettings {
    const { guestsForMs, ...rest } = change as { guestsForMs?: number | null } & Partial<RoomSettings>;
    const guestsUntil =
      guestsForMs === undefined
        ? settings.guestsUntil
        : guestsForMs === null
          ? null
          : Date.now() + guestsForMs;
    return { ...settings, ...rest, guestsUntil };
  }

  answer(command: string, input: Record<string, unknown>, people: Id[]): object | null {
    switch (command) {
      case 'room.addresses':
        return { port: 4870, addresses: this.addresses };
      case 'invite.list':
        return { invites: this.invites };
      case 'invite.create': {
        const { role, expiresInMs, uses } = input as {
          role: 'member' | 'guest';
          expiresInMs: number | null;
          uses: number | null;
        };
        return this.invite(role, expiresInMs, uses);
      }
      case 'invite.revoke':
        this.end(input['id']);
        return {};
      case 'knock.list':
        return { knocks: this.knocks };
      case 'ban.list':
        return {
          bans: people.slice(5, 7).map((memberId, index) => ({
            id: ulid(),
            memberId,
            at: Date.now() - index * 3_000 * MINUTE,
            until: null,
          })),
        };
      default:
        return null;
    }
  }
}
