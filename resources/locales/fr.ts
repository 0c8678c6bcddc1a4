import { common } from './fr/common.ts';
import { desktop } from './fr/desktop.ts';
import { diagnostics } from './fr/diagnostics.ts';
import { door } from './fr/door.ts';
import { ending } from './fr/ending.ts';
import { errors } from './fr/errors.ts';
import { files } from './fr/files.ts';
import { app } from './fr/app.ts';
import { invite } from './fr/invite.ts';
import { restored } from './fr/restored.ts';
import { room } from './fr/room.ts';
import { trust } from './fr/trust.ts';
import { welcome } from './fr/welcome.ts';

export const fr = {
  common,
  welcome,
  diagnostics,
  desktop,
  ending,
  trust,
  door,
  errors,
  app,
  room,
  files,
  restored,
  invite,
};
