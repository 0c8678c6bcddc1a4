import type { Desktop, Switch } from '../../server/protocol/control.ts';
import * as linux from './linux.ts';
import * as mac from './mac.ts';
import { canNotify } from './notification.ts';
import type { Place } from './place.ts';
import type { Starter } from './starter.ts';
import { hasTray } from './tray.ts';
import * as windows from './windows.ts';

export type Places = Record<'atLogin' | 'links', Place | null>;

/** @param starter - null: this Salon cannot be started by the system. */
export function placesFor(starter: Starter | null, platform: NodeJS.Platform = process.platform): Places {
  if (starter === null) return { atLogin: null, links: null };
  const { alone, withLink } = starter;
  if (platform === 'linux') return { atLogin: linux.atLogin(alone), links: linux.links(withLink) };
  if (platform === 'win32') return { atLogin: windows.atLogin(alone), links: windows.links(withLink) };
  // A link comes to a program there as an event, which the shell does not hear.
  return { atLogin: platform === 'darwin' ? mac.atLogin(alone) : null, links: null };
}

export async function desktopState(places: Places): Promise<Desktop> {
  const [tray, atLogin, links] = await Promise.all([
    hasTray(),
    switchOf(places.atLogin),
    switchOf(places.links),
  ]);
  return { notifications: canNotify(), tray, atLogin, links };
}

async function switchOf(place: Place | null): Promise<Switch> {
  if (place === null) return 'none';
  return (await place.isOn()) ? 'on' : 'off';
}
