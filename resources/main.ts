import { hasFiles, hidesFiles, isText, wouldReplacePage } from './controllers/file-drop.ts';
import { findSurroundings, findWindow, ownAddress, takeBrought } from './environment.ts';
import './elements/salon-app.ts';
import { preferredLanguage, setLanguage } from './locales/locale.ts';
import { Notifier } from './notifier.ts';
import { App } from './state/app.ts';

/** Finds out where we are, and shows Salon. */
async function main(): Promise<void> {
  const brought = takeBrought();
  const language = preferredLanguage();
  const [surroundings] = await Promise.all([findSurroundings(), setLanguage(language)]);
  const app = new App(surroundings, ownAddress, language, brought);
  // A link to this very page, opened in the same tab, loads nothing anew.
  addEventListener('hashchange', () => {
    const { join } = takeBrought();
    if (join !== null) void app.open(join);
  });
  // Back on a network: perhaps another one.
  addEventListener('online', () => app.visit?.check());
  const element = document.createElement('salon-app');
  const around = findWindow();
  element.app = app;
  element.appWindow = around;
  element.notifier = new Notifier(app, around);
  element.addEventListener('screen-shown', () => document.querySelector('.threshold')?.remove(), {
    once: true,
  });
  document.body.append(element);
  surroundings.control?.onDropped((files, areAll) => void element.takeDropped(files, areAll));
  around?.onClose(() => {
    // Without an extension there is nothing to ask about.
    if (!app.isReady) around.close();
    else if (element.wantExit()) around.keep();
  });
  await app.start();
}

// What was typed a moment ago is kept before the page goes.
addEventListener('pagehide', () => {
  for (const element of document.querySelectorAll('salon-app')) element.app.visit?.room?.keepDraftsNow();
});

// The browser asks: a file that was not sent yet goes with the page.
addEventListener('beforeunload', (event) => {
  for (const element of document.querySelectorAll('salon-app'))
    if (element.app.hasUnsentFiles) event.preventDefault();
});

// What is dropped here must not replace the page; text and links may be dropped into a field. Whoever takes it prevents the default.
addEventListener('dragover', (event) => {
  if (wouldReplacePage(event.dataTransfer) && (hasFiles(event.dataTransfer) || !isField(event)))
    event.preventDefault();
});
addEventListener('drop', (event) => {
  const { dataTransfer } = event;
  if (event.defaultPrevented || !wouldReplacePage(dataTransfer)) return;
  const [isHidden, isFiles] = [hidesFiles(dataTransfer), hasFiles(dataTransfer)];
  if (isHidden || isFiles || !isField(event)) event.preventDefault();
  if (isHidden || isFiles) refuseFiles(isHidden);
});
addEventListener('paste', (event) => {
  const { clipboardData } = event;
  const isHidden = hidesFiles(clipboardData);
  if (event.defaultPrevented || !(isHidden || hasFiles(clipboardData)) || isText(clipboardData)) return;
  if (isHidden) event.preventDefault();
  refuseFiles(isHidden);
});

function isField(event: Event): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

function refuseFiles(isHidden: boolean): void {
  for (const element of document.querySelectorAll('salon-app')) element.refuseFiles(isHidden);
}

void main();
