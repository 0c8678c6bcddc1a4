import { WebSocket as Socket } from 'ws';
import { AppLink, ExtensionGone } from '../../resources/app-link.ts';
import type { Started } from '../extensions/pages.ts';

/** The page's end of the line to its extension, as it is in a window, but for the window. */
export function linkTo({ url, token, ended }: Pick<Started, 'url' | 'token' | 'ended'>): AppLink {
  speakAs(url.origin);
  // A window whose extension has ended looks for it no more.
  let isOver = false;
  void ended.then(() => (isOver = true));
  return new AppLink(() =>
    isOver ? Promise.reject(new ExtensionGone()) : Promise.resolve({ url: `ws://${url.host}/`, token }),
  );
}

/** A browser's WebSocket says by itself where its page came from. */
function speakAs(origin: string): void {
  class PageSocket extends Socket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { origin, perMessageDeflate: false });
      // A close follows, which is what pages hear of.
      this.on('error', () => undefined);
    }
  }
  Object.assign(globalThis, { WebSocket: PageSocket });
}
