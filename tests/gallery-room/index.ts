import { html, render } from 'lit';
import '../../resources/elements/conversation-view.ts';
import { setLanguage } from '../../resources/locales/locale.ts';
import { applyLook } from '../../resources/styles/look.ts';
import { RoomWishes } from '../../resources/controllers/room-wishes.ts';
import { scenes, type Scene } from './scenes.ts';

/** `?scene=theatre&look=evening&language=fr&text=20&open=bruno&lost&closed&hosting&refuse&dir=rtl`. */
const query = new URLSearchParams(location.search);
setLanguage(query.get('language') === 'fr' ? 'fr' : 'en');
applyLook({ look: query.get('look') === 'evening' ? 'evening' : 'day', textSize: Number(query.get('text') ?? 15), plainWallpaper: query.has('plain') });
document.documentElement.dir = query.get('dir') ?? 'ltr';

const scene: Scene = scenes[(query.get('scene') ?? 'theatre') as keyof typeof scenes]();
const visit = { status: 'in' as const, retryAt: null, closedByHost: false };
Object.assign(window, { scene });
new RoomWishes({ addController: (c: RoomWishes) => c.hostConnected(), addEventListener: document.addEventListener.bind(document) } as never, () => scene.room);
const view = document.createElement('div');
document.body.append(view);
const sheet = new CSSStyleSheet();
sheet.replaceSync('conversation-view{block-size:100dvh}');
document.adoptedStyleSheets.push(sheet);
render(html`<conversation-view .room=${scene.room} .conversation=${scene.conversation} .visit=${visit}></conversation-view>`, view);
