// time limit: 240 s
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';
import { PASSWORD } from '../support/room.ts';

/** The report that Salon grew out of, row by row, with three people in three browsers. */
const report = suite('Three people in a room');

let browser: Browser;
let host: HostProcess;
let [ada, bob, chloe] = [] as unknown as [Person, Person, Person];
let bobsCode = '';

report.before(async () => {
  browser = await launch();
  host = await startHost(await scratch(), ['--name', 'Classe 4B']);
});

report.after(async () => {
  await browser.close();
  await host.stop();
});

report('the first to sign up with the host’s link owns the room', async () => {
  ada = await Person.at(await openContext(browser), host.owner?.url ?? '');
  await ada.page.getByText('This room is yours').waitFor();
  await ada.shot('sign-up-owner');
  const code = await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
  assert.match(code, /^[0-9A-Z]{5}(-[0-9A-Z]{5}){4}$/, 'a recovery code is shown once');
  assert.is(await ada.page.title(), 'Classe 4B – Salon');
});

report('another signs up with last name, first name, username and password', async () => {
  bob = await Person.at(await openContext(browser), host.url);
  bobsCode = await bob.signUp({ firstName: 'Robert', lastName: 'Durand', username: 'bob' });
  await ada.page.getByText('Robert Durand').first().waitFor();
});

report(
  'a name that is taken and a weak password are refused next to the field, and nothing typed is lost',
  async () => {
    chloe = await Person.at(await openContext(browser), host.url);
    const { page } = chloe;
    await page.getByRole('tab', { name: 'Sign up' }).click();
    await page.getByLabel('Last name').fill('Martin');
    await page.getByLabel('First name').fill('Chloé');
    await page.getByLabel('Username').fill('BOB');
    await page.getByLabel('Password', { exact: true }).fill('password');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByText('one of the first that a stranger would try').waitFor();
    await page.getByText('That name is taken').waitFor();
    await chloe.shot('sign-up-refused');
    assert.is(await page.getByLabel('Last name').inputValue(), 'Martin');
    assert.is(await page.getByLabel('Username').inputValue(), 'BOB');

    await chloe.signUp({ firstName: 'Chloé', lastName: 'Martin', username: 'chloe' });
  },
);

report('a message goes to everybody, once', async () => {
  await chloe.write('bonjour');
  for (const person of [ada, bob, chloe]) await person.message('bonjour').waitFor();
  for (const person of [ada, bob, chloe]) assert.is(await person.message('bonjour').count(), 1);
});

report('Online shows who is here, Members everybody', async () => {
  await ada.page.getByRole('tab', { name: /^Online/ }).click();
  const people = ada.page.getByRole('complementary', { name: 'People' });
  await people.getByText('Chloé Martin').waitFor();
  assert.match(await ada.page.getByRole('tab', { name: /^Online/ }).innerText(), /3/);
  await chloe.page.close();
  await ada.page.waitForFunction(() => true);
  await people.getByText('Chloé Martin').waitFor({ state: 'detached' });
  assert.match(await ada.page.getByRole('tab', { name: /^Online/ }).innerText(), /2/);
  await ada.page.getByRole('tab', { name: /^Members/ }).click();
  assert.match(await ada.page.getByRole('tab', { name: /^Members/ }).innerText(), /3/);
  await people
    .getByText(/last seen/i)
    .first()
    .waitFor();
  await ada.shot('members');

  chloe = await Person.at(chloe.page.context(), host.url);
  await chloe.box.waitFor();
});

report('`text@bob` shows who will see it before it is sent, and only the two of them ever do', async () => {
  await ada.box.fill('rendez-vous à 15 h@bob');
  await ada.page.getByText('only the two of you will see it').waitFor();
  await ada.shot('private-before-sending');
  await ada.box.press('Enter');

  await ada.message('rendez-vous à 15 h').waitFor();
  await ada.page.getByRole('heading', { level: 1, name: 'bob' }).waitFor();
  await choose(bob, /^ada/);
  await bob.message('rendez-vous à 15 h').waitFor();
  assert.is(await chloe.page.getByText('rendez-vous').count(), 0);
});

report('`text@bob@chloe` goes to both, as a conversation of three', async () => {
  await ada.write('à vous deux@bob@chloe');
  await ada.message('à vous deux').waitFor();
  for (const person of [bob, chloe]) {
    await choose(person, /ada and|and ada/);
    await person.message('à vous deux').waitFor();
  }
});

report('an address of mail stays text, and a name that nobody has is asked about first', async () => {
  await everyone(ada);
  await ada.write('mon mail est x@y.fr');
  await everyone(chloe);
  await chloe.message('mon mail est x@y.fr').waitFor();

  await ada.write('texte@inconnu');
  await ada.page.getByText('Nobody here is called inconnu').waitFor();
  await ada.shot('unknown-name');
  assert.is(await ada.box.inputValue(), 'texte@inconnu', 'the text is still in the box');
  assert.is(await chloe.message('texte@inconnu').count(), 0);
  await ada.page.getByRole('button', { name: 'Send as it is' }).click();
  await chloe.message('texte@inconnu').waitFor();
});

report('whoever writes to somebody who is offline is told at once, and may say "don’t keep it"', async () => {
  await bob.page.close();
  await ada.page.getByRole('tab', { name: /^Online/ }).click();
  await ada.page
    .getByRole('complementary', { name: 'People' })
    .getByText('Robert Durand')
    .first()
    .waitFor({ state: 'detached' });

  await ada.write('tu es là ?@bob');
  await ada
    .message('tu es là ?')
    .getByText(/offline\. Kept: delivered when they return/)
    .waitFor();
  await ada.shot('offline-kept');
  await everyone(ada);
  await ada.write('oublie@bob');
  await ada.message('oublie').getByRole('button', { name: 'Don’t keep it' }).click();
  await ada.page.getByText('Message withdrawn').first().waitFor();

  bob = await Person.at(bob.page.context(), host.url);
  await bob.box.waitFor();
  await choose(bob, /^ada(?! and)/);
  await bob.message('tu es là ?').waitFor();
  assert.is(await bob.message('oublie').count(), 0, 'what was withdrawn never arrives');
  await ada
    .message('tu es là ?')
    .getByText(/^(Delivered|Read)$/)
    .first()
    .waitFor({ state: 'attached' });
});

report('a username changes, and history and private messages follow the person', async () => {
  const { page } = bob;
  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByLabel('New username').fill('robert');
  await settings.getByRole('button', { name: 'Change username' }).click();
  await page.getByText('You are now robert').waitFor();
  await bob.shot('settings-you');
  await page.keyboard.press('Escape');
  await everyone(chloe);
  await chloe.page.getByText('bob is now robert').waitFor();
  await everyone(ada);
  await ada.write('toujours toi ?@robert');
  await bob.message('toujours toi ?').waitFor();

  const page2 = await Person.at(await openContext(browser), host.url);
  await page2.page.getByRole('tab', { name: 'Sign up' }).click();
  await page2.page.getByLabel('Username').fill('bob');
  await page2.page.getByText('That name is taken').waitFor();
  await page2.page.close();
});

report('a wrong password gets one neutral sentence and a growing wait, a right one gets in', async () => {
  const context = await openContext(browser);
  const someone = await Person.at(context, host.url);
  await someone.signIn('robert', 'not the password');
  await someone.page.getByText('That name or password is not right.').waitFor();
  await someone.shot('sign-in-wrong');
  await someone.signIn('nobody-of-that-name', 'not the password');
  await someone.page.getByText('That name or password is not right.').waitFor();
  await someone.signIn('robert', PASSWORD);
  await someone.box.waitFor();
  await someone.page.close();
});

report(
  'a forgotten password is replaced with the recovery code; other sessions end and the old code is dead',
  async () => {
    const context = await openContext(browser);
    const someone = await Person.at(context, host.url);
    const { page } = someone;
    await page.getByRole('tab', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Forgot password?' }).click();
    await page.getByText('A username alone changes nothing').waitFor();
    await someone.shot('forgot');
    const recover = async (code: string) => {
      await page.getByLabel('Username').fill('robert');
      await page.getByLabel('Recovery code').last().fill(code);
      await page.getByLabel('New password', { exact: true }).fill('un nouveau départ');
      await page.getByRole('button', { name: 'Set a new password' }).click();
    };
    await recover(bobsCode.toLowerCase().replaceAll('-', ' '));
    const next = await someone.keepCode();
    assert.is.not(next, bobsCode);
    await bob.page
      .getByText('You were signed out')
      .or(bob.page.getByText('This session has ended'))
      .first()
      .waitFor();
    await page.close();

    const again = await Person.at(await openContext(browser), host.url);
    await again.signIn('robert', PASSWORD);
    await again.page.getByText('That name or password is not right.').waitFor();
    await again.signIn('robert', 'un nouveau départ');
    await again.box.waitFor();
    await again.page.close();
  },
);

report(
  'the owner makes a one-time code for somebody, and the journal says who and when, not the code',
  async () => {
    const { page } = ada;
    await page.getByRole('tab', { name: /^Members/ }).click();
    await page.getByRole('button', { name: 'Menu of chloe' }).click();
    await page.getByRole('menuitem', { name: 'Make a reset code' }).click();
    const sheet = page.getByRole('dialog', { name: /reset code for chloe/i });
    const shown = sheet.getByRole('group', { name: 'Reset code' });
    await shown.waitFor();
    await ada.shot('reset-code');
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await shown.innerText())?.[0] ?? '';
    assert.ok(code);
    await page.keyboard.press('Escape');

    const someone = await Person.at(await openContext(browser), host.url);
    await someone.page.getByRole('tab', { name: 'Sign in' }).click();
    await someone.page.getByRole('button', { name: 'Forgot password?' }).click();
    await someone.page.getByText('A code from the host').click();
    await someone.page.getByLabel('Username').fill('chloe');
    await someone.page.getByLabel('Reset code').last().fill(code);
    await someone.page.getByLabel('New password', { exact: true }).fill('encore une fois');
    await someone.page.getByRole('button', { name: 'Set a new password' }).click();
    await someone.keepCode();
    await someone.page.close();

    await page.keyboard.press('Control+,');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByText('Room journal').first().click();
    await settings.getByText('made a reset code for').first().waitFor();
    await ada.shot('settings-journal');
    assert.not.ok((await settings.innerText()).includes(code));
    await page.keyboard.press('Escape');
  },
);

report('one signs out at any time, and finds the whole history after signing in again', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: /menu of the room/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await ada.signIn('ada');
  await ada.box.waitFor();
  await everyone(ada);
  await ada.message('bonjour').waitFor();
});

report('nothing complains on anybody’s console', () => {
  for (const person of [ada, bob, chloe]) assert.equal(person.complaints, []);
});

async function choose(person: Person, name: RegExp): Promise<void> {
  await person.page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('button', { name })
    .first()
    .click();
}

function everyone(person: Person): Promise<void> {
  return choose(person, /^Everyone/);
}

report.run();
