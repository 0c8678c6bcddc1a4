import { common } from './fr/common.ts';
import { door } from './fr/door.ts';
import { errors } from './fr/errors.ts';
import { app } from './fr/app.ts';
import { room } from './fr/room.ts';
import { welcome } from './fr/welcome.ts';

export const fr = { common, welcome, door, errors, app, room };
