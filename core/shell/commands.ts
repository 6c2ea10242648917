/** The words of whoever plays: `new Shell({ commands: playerCommands, … })`. */
import type { Command } from './command.ts';
import { accountCommands } from './commands/account.ts';
import { generalCommands, nodeCommands } from './commands/general.ts';
import { mail } from './commands/mail.ts';
import { placeCommands } from './commands/place.ts';
import { talkCommands } from './commands/talk.ts';

export const playerCommands: readonly Command[] = [
  ...accountCommands,
  ...placeCommands,
  ...talkCommands,
  mail,
  ...generalCommands,
  ...nodeCommands,
];
