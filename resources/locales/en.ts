import { common } from './en/common.ts';
import { door } from './en/door.ts';
import { errors } from './en/errors.ts';
import { app } from './en/app.ts';
import { room } from './en/room.ts';
import { welcome } from './en/welcome.ts';

export const en = { common, welcome, door, errors, app, room };
