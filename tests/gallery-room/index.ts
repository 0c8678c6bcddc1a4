import { html, render } from 'lit';
import type { DismissedEvent } from '../../resources/events/dialog.ts';
import type { ToastGoneEvent } from '../../resources/events/toasts.ts';
import type { ChangeSettingsEvent } from '../../resources/events/welcome.ts';
import '../../resources/elements/connection-sheet.ts';
import type { ShowNoticeEvent } from '../../resources/elements/room-events.ts';
import '../../resources/elements/room-screen.ts';
import type { Toast } from '../../resources/elements/salon-toasts.ts';
import '../../resources/elements/salon-toasts.ts';
import { setLanguage } from '../../resources/locales/locale.ts';
import { Observable } from '../../resources/state/observable.ts';
import type { Ending, VisitStatus } from '../../resources/state/visit.ts';
import { applyLook } from '../../resources/styles/look.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../server/protocol/control.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';
import type { Channel } from '../../server/protocol/entities.ts';
import { FINGERPRINT } from './door.ts';
import { scenes } from './scenes.ts';

/** The room with made-up people: `?scene=theatre&look=evening&language=fr&text=20&dir=rtl&lost&closed&reopening&hosting&wait&channel=simple`. */
const query = new URLSearchParams(location.search);
const name = (query.get('scene') ?? 'theatre') as keyof typeof scenes;

let settings: Settings = {
  ...DEFAULT_SETTINGS,
  language: query.get('language') === 'fr' ? 'fr' : 'en',
  look: query.get('look') === 'evening' ? 'evening' : 'day',
  textSize: Number(query.get('text') ?? 15),
  plainWallpaper: query.has('plain'),
};
document.documentElement.dir = query.get('dir') ?? 'ltr';
await setLanguage(settings.language ?? 'en');

const scene = scenes[name]();

class PretendVisit extends Observable {
  status: VisitStatus = 'in';
  retryAt: number | null = null;
  closedByHost = false;
  reopening = false;
  ending: Ending | null = null;
  diagnosis: Diagnosis | null = null;
  movedTo: string | null = null;
  recoveryCode: string | null = null;
  about = {
    room: scene.room.room,
    needsOwner: false,
    channel: (query.get('channel') ?? 'app') as Channel,
    settings: scene.room.settings,
  };

  clearMoved() {
    this.movedTo = null;
  }

  move() {
    this.movedTo = '192.168.1.31';
    this.comeBack();
  }

  lose(closedByHost = false) {
    this.status = 'lost';
    this.closedByHost = closedByHost;
    this.retryAt = Date.now() + 4_000;
    this.diagnosis = closedByHost
      ? null
      : { code: 'silent', address: '192.168.1.24', detail: '', foundFingerprint: null, trials: [] };
    scene.room.leave();
    this.changed();
  }

  comeBack() {
    this.status = 'in';
    this.retryAt = null;
    this.closedByHost = false;
    scene.host.comeBack(scene.room);
    this.changed();
  }

  end() {
    this.status = 'ended';
    scene.room.leave();
    this.changed();
  }
}

const visit = new PretendVisit();
let toasts: Toast[] = [];
const hosting = {
  roomId: scene.room.room.id,
  name: scene.room.room.name,
  port: 4870,
  fingerprint: FINGERPRINT,
  addresses: [],
  ownerCode: null,
  since: new Date().setHours(16, 33, 0, 0),
};
Object.assign(window, { scene, visit });

if (query.has('wait')) scene.host.delay = Number(query.get('wait'));
if (query.has('lost')) visit.lose();
if (query.has('closed')) visit.lose(true);
if (query.has('reopening')) {
  visit.reopening = true;
  visit.lose();
}

document.addEventListener('change-settings', (event) => {
  settings = { ...settings, ...(event as ChangeSettingsEvent).settings };
  draw();
});
document.addEventListener('show-notice', (event) => {
  const { id, text, tone, path } = event as ShowNoticeEvent & Pick<Toast, 'path'>;
  toasts = [
    ...toasts.filter((toast) => toast.id !== id),
    { id, text, tone, ...(path === undefined ? {} : { path }) },
  ];
  draw();
});
for (const type of [
  'open-diagnostics',
  'save-text',
  'leave-room',
  'sign-out',
  'close-room',
  'exit-app',
  'retry-now',
  'open-link',
]) {
  document.addEventListener(type, (event) => {
    if (type !== 'save-text') event.preventDefault();
    console.log('wish', type, JSON.stringify(event));
  });
}

function draw() {
  applyLook(settings);
  void setLanguage(settings.language ?? 'en');
  render(
    html`<room-screen
        .room=${scene.room}
        .visit=${visit}
        .hosting=${query.has('hosting') ? hosting : null}
        .address=${'192.168.1.24:4870'}
        .settings=${settings}
        .version=${'0.1.0'}
        .isApp=${!query.has('browser')}
        @dismissed=${(event: DismissedEvent) => event.stopPropagation()}
      ></room-screen>
      <salon-toasts
        .toasts=${toasts}
        @toast-gone=${({ id }: ToastGoneEvent) => {
          toasts = toasts.filter((toast) => toast.id !== id);
          draw();
        }}
      ></salon-toasts>`,
    document.body,
  );
}

draw();
