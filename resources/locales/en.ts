import { common } from './en/common.ts';
import { desktop } from './en/desktop.ts';
import { diagnostics } from './en/diagnostics.ts';
import { door } from './en/door.ts';
import { ending } from './en/ending.ts';
import { errors } from './en/errors.ts';
import { files } from './en/files.ts';
import { app } from './en/app.ts';
import { invite } from './en/invite.ts';
import { restored } from './en/restored.ts';
import { room } from './en/room.ts';
import { trust } from './en/trust.ts';
import { welcome } from './en/welcome.ts';

export const en = {
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
