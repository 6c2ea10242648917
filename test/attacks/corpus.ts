/** All attacks that are known, by where they come from. */
import type { Attack } from './attack.ts';
import { boundary } from './corpus/boundary.ts';
import { engine } from './corpus/engine.ts';
import { games } from './corpus/games.ts';
import { isolates } from './corpus/isolates.ts';
import { language } from './corpus/language.ts';
import { ours } from './corpus/ours.ts';
import { vm2 } from './corpus/vm2.ts';

export const corpus: Readonly<Record<string, readonly Attack[]>> = {
  ...{ vm2, isolates, games, engine, language, ours, boundary },
};
