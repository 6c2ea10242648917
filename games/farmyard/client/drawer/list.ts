import type { Script } from './files.ts';

/** What is not as it was saved. */
const statesInWords: ReadonlyMap<string, string> = new Map([
  ['back', 'the build before runs'],
  ['quarantined', 'quarantined'],
  ['held', 'held'],
]);

/** Whether the list says what became of it. */
export function isNamed({ state }: Script): boolean {
  return statesInWords.has(state);
}

/** The choice of scripts: those of the game that is looked at, then those of every game, then others. */
export function toChoice(scripts: readonly Script[], here: string): HTMLOptGroupElement[] {
  const rank = (game: string | null) => (game === here ? 0 : game === null ? 1 : 2);
  const groups = [...Map.groupBy(scripts, ({ game }) => game)].sort(([a], [b]) => rank(a) - rank(b));
  return groups.map(([game, ofGame]) => {
    const box = document.createElement('optgroup');
    box.label = game ?? 'all games';
    box.append(...ofGame.map((script) => new Option(labelOf(script), script.path)));
    return box;
  });
}

function labelOf({ path, state }: Script): string {
  const short = path.replace(/^games\/[^/]+\//, '');
  const said = statesInWords.get(state);
  return said === undefined ? short : `${short} (${said})`;
}
