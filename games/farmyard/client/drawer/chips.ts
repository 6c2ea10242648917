/**
 * Edits of a hen's script at the press of a button. Each writes what a person would have written, so that it can be read
 * in the editor, and takes it back when it is pressed again.
 */
export type Chip = {
  readonly name: string;
  readonly label: string;
  /** Ways to do it, the first unless another is chosen. */
  readonly ways?: readonly { readonly name: string; readonly label: string }[];
  /** Whether the text has it. */
  isOn(text: string): boolean;
  /** The text with it, or undefined when there is no place for it. */
  put(text: string, way?: string): string | undefined;
  takeBack(text: string): string;
};

/** The first line of the handler `tick`, and how far it is indented. */
const tick = /^([ \t]*)tick\s*\(\s*self\b[^\n]*\{[ \t]*\n/m;
const size = /^(const size = )([\d.]+)(;.*)$/m;

/** Lines at the head of `tick`, known again by the comment at their end. */
function atTick(mark: string, lines: (way: string | undefined) => readonly string[]) {
  const written = new RegExp(`^.*// ${mark}\\n`, 'gm');
  const takeBack = (text: string) => text.replace(written, '');
  return {
    isOn: (text: string) => text.includes(`// ${mark}\n`),
    put(text: string, way?: string) {
      const clean = takeBack(text);
      if (!tick.test(clean)) return undefined;
      return clean.replace(
        tick,
        (head, indent: string) =>
          head +
          lines(way)
            .map((line) => `${indent}  ${line} // ${mark}\n`)
            .join(''),
      );
    },
    takeBack,
  };
}

const breaks: Readonly<Record<string, string>> = {
  throw: "throw new Error('Broken on purpose');",
  loop: 'while (true);',
  memory: "for (const hens = []; ; ) hens.push(new Array(1000).fill('hen'));",
};

export const henChips: readonly Chip[] = [
  {
    name: 'dance',
    label: 'make them dance',
    ...atTick('a dance', () => [
      "if (self.cooldown('dance', 1.2)) self.effect('hop', { times: 4 });",
      'if (!self.holder) return self.wander(2.5);',
    ]),
  },
  {
    name: 'giant',
    label: 'make them giant',
    isOn: (text) => Number(size.exec(text)?.[2] ?? 1) > 1,
    put: (text) => (size.test(text) ? text.replace(size, '$13$3') : undefined),
    takeBack: (text) => text.replace(size, '$11$3'),
  },
  {
    name: 'break',
    label: 'break them',
    ways: [
      { name: 'throw', label: 'with a throw' },
      { name: 'loop', label: 'with an endless loop' },
      { name: 'memory', label: 'by eating memory' },
    ],
    ...atTick('broken on purpose', (way = 'throw') => [breaks[way] ?? '']),
  },
];
