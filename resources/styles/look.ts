import type { Settings } from '../../server/protocol/control.ts';

/** Lays what a person chose on the page: the tokens follow. */
export function applyLook(
  { look, textSize, plainWallpaper }: Pick<Settings, 'look' | 'textSize' | 'plainWallpaper'>,
  root: HTMLElement = document.documentElement,
): void {
  root.dataset['look'] = look;
  root.style.setProperty('--text-size', `${textSize}px`);
  // `none` takes the place of every drawn tile; without the property each wallpaper shows its own.
  if (plainWallpaper) root.style.setProperty('--wallpaper-image', 'none');
  else root.style.removeProperty('--wallpaper-image');
}
