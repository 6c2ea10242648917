import type { ClientEvents } from 'roost/client';

export type News = ClientEvents['watch'][0];

export type Told = {
  /** `good` it runs · `busy` something goes on · `bad` it does not run · `calm` nothing happened. */
  readonly tone: 'good' | 'busy' | 'bad' | 'calm';
  readonly text: string;
  /** Where in the file, with what to say there. Lines and columns start at 1. */
  readonly mark?: { readonly line: number; readonly column: number; readonly message: string };
  /** A person has to lift the file. */
  readonly held?: boolean;
};

export type Context = {
  /** The build that was compiled last of what is open here. */
  readonly build: string | undefined;
  /** What ran before it was saved. */
  readonly running: string | undefined;
  /** The zone that is looked at. */
  readonly here: string | undefined;
  /** The kind that the open file describes, in words: `hens`. */
  readonly all: string;
  /** Seconds since it was saved here; undefined when it was not. */
  readonly since: number | undefined;
};

/** What a message says about the open file, in words; undefined when that is nothing for the line below the editor. */
export function tell(news: News, { all, since, build, running, here }: Context): Told | undefined {
  const after = since === undefined ? '' : `, ${toSeconds(since)}`;
  const { what, zone, message } = news;
  switch (what) {
    case 'reload':
      if (zone === undefined && news.build === undefined) return { tone: 'good', text: `mended, all ${all} run it` };
      if (zone === undefined && news.build !== running) return { tone: 'busy', text: `compiled${after}` };
      if (zone !== undefined && zone !== here) return { tone: 'busy', text: message };
      return news.build === build ? { tone: 'good', text: `all ${all} have it${after}` } : undefined;
    case 'error':
      // Without a zone it did not compile.
      return {
        tone: 'bad',
        text: `${placeOf(news)}${message}${zone === undefined ? `. All ${all} run the build before` : ''}`,
        ...markOf(news),
      };
    case 'refused':
      return { tone: 'bad', text: `${placeOf(news)}${message}`, ...markOf(news) };
    case 'back':
      return { tone: 'bad', text: `back on the build before: ${placeOf(news)}${message}`, ...markOf(news) };
    case 'quarantine': {
      const held = /\bheld\b/.test(message);
      const instead = news.former === undefined ? 'quarantined' : `refused, all ${all} run the build before`;
      return { tone: 'bad', text: held ? message : `${instead}: ${placeOf(news)}${message}`, held, ...markOf(news) };
    }
    case 'slow':
      // Nothing is wrong with a line: there is too much of it.
      return { tone: 'busy', text: message };
    case 'worker':
      return { tone: 'bad', text: 'worker killed, the zone is on its way back…' };
    case 'recovered':
      return { tone: 'good', text: `worker killed, zone back in ${toSeconds((news.ms ?? 0) / 1000)}` };
    case 'log':
      return undefined;
  }
}

function markOf({ line, column, message }: News): Pick<Told, 'mark'> {
  return line === undefined || line < 1 ? {} : { mark: { line, column: column ?? 1, message } };
}

function placeOf({ line, handler, message }: News): string {
  const named = handler === undefined || message.startsWith(`${handler}:`) ? '' : handler;
  const where = [line === undefined || line < 1 ? '' : `line ${line}`, named].filter(Boolean).join(', ');
  return where === '' ? '' : `${where}: `;
}

/** `0.3 s`. */
export function toSeconds(seconds: number): string {
  return `${Math.max(0.1, seconds).toFixed(1)} s`;
}
