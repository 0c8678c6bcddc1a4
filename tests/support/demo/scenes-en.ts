import type { Script } from './scenes.ts';

/** A small theatre, the week before an opening night. `⏎` is a new line; see `scenes.ts` for the rest. */
export const english: Script = {
  roomName: 'The Little Theatre',
  words: {
    time: ['9:15', '10:30', '12:45', '14:00', '16:20', '18:30', '19:45', '20:10'],
    day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    place: ['the foyer', 'the workshop', 'the paint store', 'the green room', 'the gallery', 'the cloakroom'],
    prop: [
      'the brass lamp',
      'the velvet chair',
      'the stuffed owl',
      'the second umbrella',
      'the tea tray',
      'the map',
    ],
    dish: [
      'lentil soup',
      'couscous',
      'a very large quiche',
      'dumplings',
      'mushroom risotto',
      'last night’s curry',
    ],
    scene: [
      'act one',
      'act two',
      'the storm scene',
      'the garden scene',
      'the last dance',
      'the letter scene',
    ],
    file: [
      'programme-v7.pdf',
      'light-plan.svg',
      'cues.csv',
      'poster-final-FINAL.png',
      'budget.ods',
      'rota.txt',
    ],
    n: ['3', '4', '6', '7', '11', '12', '14', '25', '38', '160'],
  },
  lobby: `
A: Morning, everyone ☀️
B: Morning!
C: Is the heating on yet?
A: Since seven. Bring a jumper anyway.

A: Has anybody seen {prop}?
B: It was in {place} on {day}
C: I moved it, sorry. It is behind the piano now.
A: Found it, thank you {C} 🙏

A: {scene} runs {n} minutes over. Where do we cut?
B: The second monologue, if {C} can live with it
C: I can live with it. My mother cannot.
A: 😂
B: Then we keep the last four lines. They are the good ones.

A: Lunch? There is {dish}
B: Five minutes!
C: Save me some, I am still up the ladder
D: There are {n} plates left, first come first served

A: Light check at {time}. Please keep the stage free until then.
B: How long will it take?
A: Twenty minutes, if the dimmer behaves
C: The dimmer never behaves
A: Forty minutes, then.

A: Sold so far for {day}: {n} seats
B: And the week after?
A: Twice that. The school comes with two classes.
C: Then we need more chairs in {place}
B: I will ask next door, they owe us {n}

A: The projector says “no signal” again
B: Other cable?
A: Tried.
B: Other end of the other cable?
A: … it works. Nobody saw that.

A: Who closes tonight?
B: I can, I am here until {time}
A: Key under the usual thing, alarm code as always
B: 👍

A: New version of {file} is on the shared drive
B: Is that the one with the right date on it?
A: Now it is

A: Question about {scene}: do I enter from the left or from the right?
B: Left. Your left.
C: The audience’s right, so.
A: You have made it worse.
B: From where the owl is.

A: Rehearsal notes from {day}:⏎– {scene}: louder, slower, later⏎– {prop} must not squeak⏎– nobody walks behind the curtain while it is moving⏎– bows in two rows
B: Thank you, printed and hung in {place}
C: It squeaks because it is held together by hope

A: For the sound desk, this is what I run now:⏎fade(house, 0, seconds=8)⏎wait("{scene}")⏎play("rain.flac", loop=True)
B: Does it survive a power cut?
A: It starts where it stopped. I tried it twice, once on purpose.

A: It rains into {place}
B: Much?
A: One bucket
C: Two. I have just been there.
A: I call the roofer. Again.

A: Could somebody read the programme once more before it goes to print? Names, above all.
B: Mine has only one n 🙂
A: Fixed
C: “Leading lady” should be {D}, not me
D: I do not mind either way
A: Fixed too. It goes to the printer at {time}.

A: Doors at {time}, curtain half an hour later
B: Press seats?
A: {n}, third row, names on the chairs

A: Happy birthday {B} 🎂
C: Happy birthday!!
D: 🎉🎉🎉
B: Thank you all! There is cake in {place} until there is not.

A: Train is late, I will be there at {time}
B: We begin with {scene}, then you are not missed. In the kind sense.
A: 😄

A: Does https://example.org/scores/waltz work for anyone?
B: Not from here, the network has no way out today
C: I have it on paper
A: Paper wins.

A: The council’s letter came: we keep the hall until June
B: 🎊
C: In writing?
A: In writing, with a stamp.
D: I am going to frame it

A: Whoever borrowed the long ladder, please bring it back
B: It is holding up the moon
A: Then please leave it there.

A: I have {n} photos from last night
B: Any without my eyes closed?
A: One. You are behind {prop}, but the eyes are open.

A: Costume fitting moved to {day}, {time}
B: Still in {place}?
A: Yes. Bring the shoes you will really wear.
C: And if the shoes do not exist yet?
A: Then bring the feet.
`,
  group: `
A: Quietly, please: what do we give {B} on {day}?
C: A lamp that works
D: {prop}, mended
A: Both. {n} each?
C: 👍

A: The three of us open the house on {day}?
C: I am in
D: Me too, from {time}

A: I would rather settle the seating here than in front of everybody
C: Agreed. Press in the third row, family behind.
D: And the mayor where the draught is.
`,
  aside: `
A: Do you have a minute for {scene}?
B: After lunch?
A: Perfect

A: That was very good tonight. I did not want to say it in front of everybody.
B: That is kind. I was terrified.
A: It did not show

A: Can you swap {day} with me?
B: If you take the door next week
A: Deal

A: Did I leave my glasses in {place}?
B: On the piano. I put them in the drawer.
A: You are the best 💛

A: Here is {file}, tell me if the numbers are wrong
B: Page {n}, second line
A: Ouch. Thank you.
`,
  solo: [
    'Coffee is ready in {place} ☕',
    'Reminder: {scene} at {time}, in costume.',
    '{prop} is back from repair.',
    'I am off, see you on {day}.',
    'Doors are locked, lights are out. Good night 🌙',
    '🎭',
    'Found in {place}: one glove, left hand.',
    'Bus {n} does not run on {day}, plan for it.',
    'Box office opens at {time}.',
    'Thank you all for tonight. Twice somebody forgot the text, and twice nobody noticed, because somebody else was there with the right word at the right moment. That is the whole art, and you have it. Sleep well; tomorrow we do it again, a little slower in {scene} and a little louder everywhere.',
  ],
  replies: [
    'Good point.',
    '👍',
    'I will have a look.',
    'Later today?',
    'Yes, gladly.',
    'Ask {A}, who knows.',
    'Ha!',
    'Noted.',
  ],
  tongues: {
    ar: [
      'صباح الخير جميعاً ☀️',
      'أنا في الطريق، خمس دقائق',
      'شكراً جزيلاً! 🌷',
      'البروفة الساعة 18:30 كما اتفقنا',
      'مساء النور',
    ],
    ja: [
      'おはようございます！',
      'お疲れさまでした 🍵',
      '了解です。18:30に行きます',
      '傘を持ってきてくださいね ☔',
      'すみません、少し遅れます',
    ],
  },
};
