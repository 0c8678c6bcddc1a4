#!/usr/bin/env node
// salon                  opens Salon, as npm start does; with a salon: link, in that room
// salon host …           a host without a window
// salon doctor …         what stands between this computer and a room
const [word, ...rest] = process.argv.slice(2);

if (word === 'host' || word === 'doctor') {
  process.argv.splice(2, process.argv.length, ...rest);
  await import(`./${word}.mjs`);
} else {
  await import('./start.mjs');
}
