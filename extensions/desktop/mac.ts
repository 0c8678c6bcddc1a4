import { homedir } from 'node:os';
import { join } from 'node:path';
import { asMarkup } from './markup.ts';
import { fileWith, type Place } from './place.ts';

const LABEL = 'app.salon.desktop';

/** A launch agent of the person's own. */
export function atLogin(command: readonly string[]): Place {
  return fileWith(join(homedir(), 'Library', 'LaunchAgents', `${LABEL}.plist`), agent(command));
}

export function agent(command: readonly string[]): string {
  const words = command.map((word) => `    <string>${asMarkup(word)}</string>\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words}  </array>
  <key>RunAtLoad</key>
  <true/>
</dict>
</plist>
`;
}
