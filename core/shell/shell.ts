/**
 * Words typed by a person → method calls → lines. The same for whoever sits at a TCP port, at a console client or at the
 * operator's command line: they give it a door for its calls and a terminal, and get a `Done` for every line.
 *
 * ```ts
 * const shell = new Shell({ door, terminal, commands: playerCommands, now, nowMs, wait });
 * socket.on('chat', (data) => print(shell.hear('chat', data)));   // what comes unasked for
 * const done = await shell.run('say hello');                      // one after another
 * print(toShown(done));
 * ```
 * A word that is no command is tried as the name of a method (`chat.say text="hello there"`), then as a plugin and a verb
 * (`friends list`): a plugin that was dropped in a moment ago is usable by `key=value` arguments at once.
 */
import type { Json, JsonObject } from '../contract/content.ts';
import type { Answer } from '../contract/protocol.ts';
import { Catalogue, type MethodHelp } from './catalogue.ts';
import { type Command, done, refused, type Sitting, type Typed } from './command.ts';
import { type Completed, commandNames, completeLine } from './complete.ts';
import type { Done, ShellDoor, Terminal } from './door.ts';
import { News } from './news.ts';
import { isSecret, propertiesOf, requiredOf, takesSecret, toParams, toValue } from './params.ts';
import { toPrintable } from './printable.ts';
import { renderAnswer } from './render.ts';
import { restFrom, splitWords, type Word } from './words.ts';
import { You } from './you.ts';

export type ShellOptions = {
  readonly door: ShellDoor;
  readonly terminal: Terminal;
  readonly commands: readonly Command[];
  /** Unix seconds. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
};

export class Shell {
  /** Who sits there and where, for a prompt. */
  readonly you = new You();
  readonly #sitting: Sitting;

  constructor({ door, terminal, commands, now, nowMs, wait }: ShellOptions) {
    const { you } = this;
    this.#sitting = {
      ...{ door, terminal, you, now, wait },
      catalogue: new Catalogue(door, nowMs),
      news: new News(now),
      commands: new Map(commands.flatMap((command) => command.names.map((name) => [name, command] as const))),
      async call(method, params) {
        const answer = await door.call(method, params);
        you.follow(method, answer);
        return answer;
      },
      run: (line) => this.#carryOut(line),
    };
  }

  /** What stands before the place to type, `Ada@farmyard/meadow> `. */
  get prompt(): string {
    return `${toPrintable(this.you.place)}> `;
  }

  /** Carries out a line. Give it the next one when this one is done. */
  async run(line: string): Promise<Done> {
    const text = line.trim();
    if (text !== '') this.#sitting.news.note(`> ${this.#toKept(text)}`);
    return await this.#carryOut(text);
  }

  /**
   * Takes an event of the server, or an entry of `ev` of a delta by its own name (`say`, `tell`, `ask`, `emit`).
   * @returns lines to show at once, if they are to be; else `news()` has them around the next command.
   */
  hear(event: string, data: Json): readonly string[] {
    this.you.hear(event, data);
    return this.#sitting.news.take(event, data);
  }

  /** What happened since this was asked last, oldest first. */
  news(): readonly string[] {
    return this.#sitting.news.takeWaiting();
  }

  /** What the end of a half-typed line could become. */
  complete(line: string): Completed {
    return completeLine(this.#sitting, line);
  }

  /** Its commands, each by the first of its words. */
  get words(): readonly string[] {
    return commandNames(this.#sitting);
  }

  isCommand(word: string): boolean {
    return this.#sitting.commands.has(word.toLowerCase());
  }

  /** Names of the methods that there are now. */
  async methods(): Promise<readonly string[]> {
    return (await this.#sitting.catalogue.list()).map(({ name }) => name);
  }

  /** Calls a method with params that are all text: they are typed as it wants them. */
  async callTyped(name: string, texts: ReadonlyMap<string, string>): Promise<Answer> {
    const method = await this.#sitting.catalogue.find(name);
    const properties = propertiesOf(method?.params ?? null);
    const params = Object.fromEntries([...texts].map(([key, text]) => [key, toValue(text, properties.get(key))]));
    return await this.#sitting.call(method?.name ?? name, params);
  }

  /** What of a message may be shown again, such as to whoever sent it. */
  withoutSecrets(name: string, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const open = this.#sitting.commands.get(name.toLowerCase())?.secretAfter ?? texts.size;
    const properties = propertiesOf(this.#sitting.catalogue.known(name)?.params ?? null);
    return new Map([...texts].slice(0, open).filter(([key]) => !isSecret(key, properties.get(key))));
  }

  /** Whether there is something in a line that is not to be shown again. */
  isSecret(line: string): boolean {
    return this.#toKept(line) !== toPrintable(line);
  }

  /** Has the methods ready that completion knows of. */
  async learn(): Promise<void> {
    await this.#sitting.catalogue.list();
  }

  async #carryOut(line: string): Promise<Done> {
    const said = this.#sitting.commands.has('"') ? quoted.exec(line)?.[1] : undefined;
    if (said !== undefined) return await this.#carryOut(`say ${said}`);
    const [first, ...words] = splitWords(line);
    if (first === undefined) return done([]);
    const typed: Typed = { word: first.text.toLowerCase(), words, rest: restFrom(line, words[0]), line };
    const command = this.#sitting.commands.get(typed.word);
    if (command !== undefined) return await command.run(this.#sitting, typed);
    return await this.#callByName(first, typed);
  }

  /** `chat.say text=…`, or `chat say …`. */
  async #callByName(first: Word, { word, words, line }: Typed): Promise<Done> {
    const { catalogue } = this.#sitting;
    const method = (await catalogue.find(word)) ?? (await this.#unlisted(word));
    if (method !== undefined) return await this.#callMethod(method, words, line);
    const [verb, ...rest] = words;
    const inArea = verb === undefined ? undefined : await catalogue.find(`${word}.${verb.text}`);
    if (inArea !== undefined) return await this.#callMethod(inArea, rest, line);
    const area = (await catalogue.list()).filter(({ name }) => name.startsWith(`${word}.`));
    if (area.length > 0) return await this.#carryOut(`help ${word}`);
    return this.#unknown(first.text);
  }

  /** A node that does not tell what it has is asked all the same. */
  async #unlisted(name: string): Promise<MethodHelp | undefined> {
    if (!/^[a-z][\w-]*\.[\w-]+$/.test(name) || (await this.#sitting.catalogue.about()) !== undefined) return undefined;
    return { name, doc: '', plugin: '', allow: 'anyone', rate: { perSecond: 0, burst: 0 }, params: null };
  }

  async #callMethod(method: MethodHelp, words: readonly Word[], line: string): Promise<Done> {
    const params: Record<string, Json> = { ...toParams(method, words, line) };
    const properties = propertiesOf(method.params);
    for (const key of requiredOf(method.params)) {
      if (!isSecret(key, properties.get(key)) || params[key] !== undefined || !properties.has(key)) continue;
      const secret = await this.#sitting.terminal.ask(`${key}: `, true);
      if (secret !== null) params[key] = secret;
    }
    return this.#toDone(await this.#sitting.call(method.name, params));
  }

  #toDone(answer: Answer): Done {
    if (!answer.ok) return refused(answer);
    const shown = withoutSecrets(answer.result);
    return { ...done(renderAnswer(shown, this.#sitting.terminal.size().columns)), result: answer.result };
  }

  /** Words after the first that may be shown again, where all others may not. */
  #openWords(name: string, verb: string | undefined): number | undefined {
    const { commands, catalogue } = this.#sitting;
    const takes = (method: string) => takesSecret(catalogue.known(method)?.params ?? null);
    const command = commands.get(name);
    if (command !== undefined) return command.secretAfter;
    // Also where it is not known yet what these want.
    if (/^(auth\.|admin\.login$)/.test(name) || takes(name)) return 0;
    return name === 'auth' || takes(`${name}.${verb}`) ? 1 : undefined;
  }

  #unknown(word: string): Done {
    const near = [...this.#sitting.commands.keys()].filter((name) => isNear(name, word.toLowerCase()));
    const hint = near.length > 0 ? `Did you mean ${near.slice(0, 3).join(' or ')}?` : 'help lists what there is.';
    const lines = ['Command not found.', `"${word.slice(0, 64)}" is no word here. ${hint}`].map(toPrintable);
    return { ok: false, code: 'shell.unknown', lines };
  }

  /** The line as it may be shown again. */
  #toKept(line: string): string {
    const [first, ...words] = splitWords(line);
    const open = this.#openWords(first?.text.toLowerCase() ?? '', words[0]?.text.toLowerCase());
    if (open !== undefined && words.length > open)
      return toPrintable(
        [first, ...words.slice(0, open)]
          .map((word) => word?.text)
          .join(' ')
          .concat(' ***'),
      );
    if (!words.some(({ key }) => key !== undefined && isSecret(key))) return toPrintable(line);
    const kept = words.map(({ text, key }) => (key !== undefined && isSecret(key) ? `${key}=***` : text));
    return toPrintable([first?.text, ...kept].join(' '));
  }
}

/** `"hello`, as it is said in many worlds of text. */
const quoted = /^["'](.*\S.*)$/;

/** The lines of what was done as people see them: a refusal is told apart. */
export function toShown({ ok, lines }: Done): readonly string[] {
  const [first = '', ...more] = lines;
  return ok ? lines : [`ERROR: ${first}`, ...more];
}

/** A token on the screen is one that somebody reads over a shoulder. */
function withoutSecrets(result: Json): Json {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return result;
  const shown: JsonObject = Object.fromEntries(
    Object.entries(result).map(([key, value]) => [key, key === 'token' || key === 'resume' ? '(hidden)' : value]),
  );
  return shown;
}

/** One slip of the finger apart, or the beginning of it. */
function isNear(name: string, typed: string): boolean {
  if (typed.length >= 2 && name.startsWith(typed)) return true;
  if (typed.length < 3 || Math.abs(name.length - typed.length) > 1) return false;
  let at = 0;
  while (at < name.length && name[at] === typed[at]) at += 1;
  const rests = [
    [name.slice(at + 1), typed.slice(at + 1)],
    [name.slice(at), typed.slice(at + 1)],
    [name.slice(at + 1), typed.slice(at)],
    [name.slice(at + 2), typed.slice(at + 2)],
  ] as const;
  const isSwapped = name[at] === typed[at + 1] && name[at + 1] === typed[at];
  return rests.some(([a, b], index) => a === b && (index < 3 || isSwapped));
}
