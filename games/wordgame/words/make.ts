/**
 * Makes scripts/twine/words/*.ts from SCOWL: `node games/wordgame/words/make.ts FOLDER`. FOLDER is SCOWL's `final`
 * (Debian: /usr/share/dict/scowl). Words that only hurt people stand in left-out.txt, and nobody plays them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words of the levels up to this one are those that most people know: the partner of straw plays with them. */
const commonMost = 40;
/** The most seldom level; those above have other licences and words that hardly anybody believes. */
const rareMost = 70;
const names = ['three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const lineLength = 118;

function readLevels(folder: string, from: number, to: number): Set<string> {
  const lists = readdirSync(folder).filter((name) => {
    const [, level] = /^(?:english|american|british|british_z)-words\.(\d+)$/.exec(name) ?? [];
    return Number(level) > from && Number(level) <= to;
  });
  const words = lists.flatMap((name) => readFileSync(join(folder, name), 'latin1').split('\n'));
  return new Set(words.filter((word) => /^[a-z]{3,9}$/.test(word)));
}

/** Sorted words of one length in lines: one blank or line end after each, so that the nth is found by its place. */
function toText(words: Iterable<string>, length: number): string {
  const sorted = [...words].filter((word) => word.length === length).sort();
  const perLine = Math.floor(lineLength / (length + 1));
  const lines = Array.from({ length: Math.ceil(sorted.length / perLine) }, (_, i) =>
    sorted.slice(i * perLine, (i + 1) * perLine).join(' '),
  );
  return `\`${lines.join('\n')}\``;
}

const [folder = ''] = process.argv.slice(2);
const barred = new Set(readFileSync(join(import.meta.dirname, 'left-out.txt'), 'utf8').split('\n'));
const common = readLevels(folder, 0, commonMost).difference(barred);
const rare = readLevels(folder, commonMost, rareMost).difference(barred).difference(common);
names.forEach((name, i) => {
  const length = i + 3;
  const text = `/** Words of ${name} letters. Made by words/make.ts; from SCOWL, see words/LICENSE.txt. */
export const common = ${toText(common, length)};

export const rare = ${toText(rare, length)};
`;
  writeFileSync(join(import.meta.dirname, `../scripts/twine/words/${name}.ts`), text);
});
