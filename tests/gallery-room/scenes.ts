import { PretendHost } from './host.ts';
import type { ConversationState } from '../../resources/state/conversation.ts';
import type { RoomState } from '../../resources/state/room.ts';
import type { Id } from '../../server/protocol/entities.ts';

export interface Scene {
  host: PretendHost;
  room: RoomState;
  conversation: ConversationState;
  people: Record<string, Id>;
}

const LOREM =
  'The curtain goes up at eight and the lamp in the wings stays lit until the last of us has gone home. '.split(
    ' ',
  );

function line(seed: number): string {
  const words = 3 + ((seed * 7919) % 40);
  const at = (seed * 104729) % LOREM.length;
  const text = Array.from({ length: words }, (_, index) => LOREM[(at + index) % LOREM.length]).join(' ');
  return `${seed}. ${text}${seed % 17 === 0 ? `\n\n${text}\n${text}` : ''}`;
}

function cast(host: PretendHost): Record<string, Id> {
  return {
    amelie: host.member('amelie', 'Amélie Laurent', 'here', 'owner'),
    bruno: host.member('bruno', 'Bruno Martin', 'here'),
    chloe: host.member('chloe', 'Chloé Petit', 'here'),
    dmitri: host.member('dmitri', 'Dmitri Orlov', 'here'),
    farah: host.member('farah', 'Farah Benali', 'away'),
    youssef: host.member('youssef13', 'Youssef Alami', 'offline'),
    ismail: host.member('ismail001', 'Ismaïl Idrissi', 'offline', 'member', 3 * 24 * 60),
  };
}

export function theatre(): Scene {
  const now = new Date();
  now.setHours(18, 47, 0, 0);
  const host = new PretendHost('Petit Théâtre', now.getTime());
  const people = cast(host);
  const { amelie = '', bruno = '', chloe = '', dmitri = '', farah = '', youssef = '', ismail = '' } = people;
  const { lobby } = host;
  host.joined(bruno, 27 * 60);
  host.say(lobby, amelie, 'Welcome. Everything about the show goes here.', 26 * 60);
  host.say(
    lobby,
    bruno,
    'The plan of the lights is at https://petit-theatre.example/plans/act-2?v=7, mail lights@petit-theatre.example if a lamp is missing.',
    25 * 60,
  );
  host.renamed(ismail, 'ismail12', 'ismail001', 50);
  host.say(lobby, farah, 'Props table is set. This is the final layout for the act 2 change.', 16);
  host.say(lobby, bruno, 'Cue 42 now holds for six seconds. Any faster and the curtain snags.', 5);
  host.joined(dmitri, 4);
  lobby.read = lobby.events.length;
  host.say(lobby, dmitri, 'Foyer is lit. 86 tickets collected, 14 to come.', 3);
  host.say(
    lobby,
    chloe,
    'Intercom channel B hisses again. Can I restart the base station before the half-hour call? It answers on 192.168.1.40.',
    1,
  );
  host.say(lobby, chloe, 'مرحبا، هل من أحد في غرفة الصوت؟\nI will be there in two minutes.', 1);
  host.say(lobby, amelie, 'Yes, go now. You have two minutes.', 0);
  host.say(lobby, amelie, 'Everyone else: stay on channel A until Chloé says otherwise.', 0);
  lobby.read = 8;

  const pair = (other: Id) => host.begin([amelie, other].toSorted());
  const withBruno = pair(bruno);
  host.say(withBruno, bruno, 'Can you look at cue 17 with me?', 30);
  withBruno.read = 1;
  const withChloe = pair(chloe);
  host.say(withChloe, amelie, 'The base station is in the second drawer.', 40);
  host.say(withChloe, chloe, 'Found it, thank you.', 38);
  host.say(withChloe, amelie, '👍🏽', 37);
  withChloe.read = withChloe.events.length;
  withChloe.receipts = [{ memberId: chloe, delivered: 9, read: 9 }];
  const withYoussef = pair(youssef);
  host.say(withYoussef, youssef, 'I have the key of the loft, bring it back on Monday.', 26 * 60);
  host.say(withYoussef, amelie, 'Are you coming tonight?', 12);
  host.say(withYoussef, amelie, 'We need one more pair of hands for the act 2 change.', 11);
  withYoussef.read = withYoussef.events.length;
  withYoussef.receipts = [{ memberId: youssef, delivered: 2, read: 2 }];
  const lights = host.begin([amelie, bruno, dmitri].toSorted());
  host.say(lights, dmitri, 'The fly floor is ready.', 70);
  lights.read = 1;
  const group = host.begin([amelie, bruno, chloe, dmitri, farah, youssef].toSorted());
  host.say(group, amelie, 'Load-in is on Thursday at nine.', 24 * 60);
  group.read = group.events.length;
  const room = host.enter();
  return { host, room, conversation: room.lobby, people };
}

export function empty(): Scene {
  const host = new PretendHost('Classe 4B', Date.now());
  const people = { amelie: host.member('amelie', 'Amélie Laurent', 'here', 'owner') };
  const room = host.enter();
  return { host, room, conversation: room.lobby, people };
}

export function long(): Scene {
  const host = new PretendHost('Petit Théâtre', Date.now());
  const people = cast(host);
  const ids = Object.values(people);
  for (let index = 1; index <= 20_000; index++) {
    host.say(host.lobby, ids[((index * 31) >> 3) % 5] ?? '', line(index), (20_000 - index) * 1.7);
  }
  host.lobby.read = host.lobby.events.length;
  const room = host.enter();
  return { host, room, conversation: room.lobby, people };
}

export function unread(): Scene {
  const scene = long();
  scene.host.lobby.read = 19_900;
  const room = scene.host.enter();
  return { ...scene, room, conversation: room.lobby };
}

export function manyUnread(): Scene {
  const scene = long();
  scene.host.lobby.read = 15_000;
  const room = scene.host.enter();
  return { ...scene, room, conversation: room.lobby };
}

export function longNames(): Scene {
  const host = new PretendHost('Club de robotique et d’électronique du lycée Jean-Moulin', Date.now());
  const people = {
    me: host.member('marie-antoinette_de.la.tour', 'Marie-Antoinette de_La_Tour', 'here', 'owner'),
    other: host.member(
      'wolfeschlegelsteinhausenberger',
      'Hubert Wolfeschlegelsteinhausenbergerdorff',
      'here',
    ),
    arab: host.member('عبدالرحمن', 'عبدالرحمن الخطيب', 'away'),
    cjk: host.member('山田太郎', '太郎 山田', 'offline'),
  };
  for (let index = 0; index < 20; index++)
    host.member(`pupil${index}`, `Pupil Number${index}`, index % 3 === 0 ? 'here' : 'offline');
  host.say(
    host.lobby,
    people.other,
    `Unbreakable: ${'x'.repeat(180)} https://example.org/${'path/'.repeat(40)}`,
    30,
  );
  host.say(host.lobby, people.arab, 'السلام عليكم، الاجتماع غداً الساعة 15:00.', 20);
  host.say(host.lobby, people.cjk, 'お疲れ様です。明日の会議の資料はこちらです。', 10);
  host.say(
    host.lobby,
    people.me,
    'const answer = 42;\n  if (answer) {\n    console.log("indented");\n  }',
    5,
  );
  host.say(host.lobby, people.cjk, null, 4);
  host.say(host.lobby, people.me, '🎉🎉', 3);
  const direct = host.begin([people.me, people.other].toSorted());
  host.say(direct, people.other, 'Hello', 3);
  host.begin([people.me, people.other, people.arab, people.cjk].toSorted());
  const room = host.enter();
  return { host, room, conversation: room.lobby, people };
}

/** Guests come in by an unencrypted page until midnight; one has left, and somebody knocked in vain. */
export function guests(): Scene {
  const scene = theatre();
  const { host } = scene;
  host.settings = { access: 'open', door: 'simple', guestsUntil: new Date().setHours(24, 0, 0, 0) };
  const people = {
    ...scene.people,
    desk: host.member('Accueil', 'Accueil ', 'here', 'guest'),
    mamie: host.member('Mamie', 'Mamie ', 'here', 'guest'),
  };
  host.joined(people.desk, 4);
  host.say(host.lobby, people.desk, 'Foyer is lit. 86 tickets collected, 14 to come.', 3);
  host.joined(people.mamie, 3);
  host.say(host.lobby, people.mamie, 'Bonjour à tous, je suis dans la salle.', 2);
  host.ended(people.desk, 1);
  host.door.invite('guest', 3_600_000, 10, 3);
  host.door.invite('member', 7 * 86_400_000, null, 4);
  const old = host.door.invite('member', 3_600_000, 1, 1);
  host.door.end(old.id, 'used');
  host.door.knock('192.168.1.40', 'in', null, 1);
  host.door.knock('192.168.1.52', 'hello', 'INVITE_EXPIRED', 4, 2);
  host.door.knock('192.168.1.77', 'connected', 'silent', 9);
  host.door.knock('10.20.0.3', 'encrypted', null, 12);
  host.door.knock('192.168.1.9', 'connected', 'notSalon', 30, 14);
  const room = host.enter();
  return { host, room, conversation: room.lobby, people };
}

/** The same evening as one of the guests sees it. */
export function asGuest(): Scene {
  const scene = guests();
  const { host } = scene;
  host.me = scene.people['mamie'] ?? '';
  host.logs.splice(1);
  const room = host.enter();
  return { ...scene, room, conversation: room.lobby };
}

/** A copy took the room's place while this page was open: what was written since is here only. */
export function restored(): Scene {
  const scene = theatre();
  const { host, room } = scene;
  void room.lobby.jumpToEnd().then(() => host.restore(room, 20));
  return scene;
}

export const scenes = { restored, theatre, empty, long, unread, manyUnread, longNames, guests, asGuest };
