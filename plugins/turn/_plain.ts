/**
 * The format of the older turn server: `symbol,data,key,player key,counter` → `code/subcode/data`.
 *
 * The data may hold commas: the last three fields are read from the right. Code 0 is success; every other one an error.
 */
import { line } from 'roost/plugin';
import type { Update } from './_matches.ts';
import type { Registration } from './_relay.ts';
import type { Answered, Outcome, Refusal, Refused, Text } from './_rules.ts';

export type Request =
  | { readonly kind: 'register'; readonly registration: Registration }
  | { readonly kind: 'unregister' | 'pair' | 'load' | 'ready'; readonly key: string }
  | { readonly kind: 'quit'; readonly key: string; readonly seat: number; readonly text: string | undefined }
  | { readonly kind: 'update'; readonly key: string; readonly update: Update & { readonly seat: number } }
  /** It says nothing that can be done: the whole answer. */
  | { readonly kind: 'wrong'; readonly answer: string };

/** Characters of a name. */
const nameLength = 64;
const unused = '*';
/** In the key's place at registration: more time between two words, as the older server's developer had it. */
const patientWord = 'bibbybabbis';
const name = line(nameLength);
const steps = [undefined, 'unregister', 'pair', 'load', 'ready'] as const;

export function readRequest(body: string): Request {
  if (body.trim() === '') return wrong('2/*/*');
  const [symbol, data, key, player, counter] = split(body);
  if (!/^[0-6]$/.test(symbol)) return wrong('4/0/*');
  const number = Number(symbol);
  if (number === 0) return readRegistration(data, key, player);
  const kind = steps[number];
  if (kind !== undefined) return { kind, key };
  if (!/^\d{1,2}$/.test(player)) return wrong('4/1/*');
  const seat = Number(player);
  if (number === 5) return { kind: 'quit', key, seat, text: data === unused || data === '' ? undefined : data };
  if (!/^\d+$/.test(counter)) return wrong('4/2/*');
  return { kind: 'update', key, update: { seat, counter: Number(counter), text: data } };
}

/** The five fields; the symbol is empty where there are not as many. Blanks round all but the data do not count. */
function split(body: string): readonly [string, string, string, string, string] {
  const counterAt = body.lastIndexOf(',');
  const playerAt = body.lastIndexOf(',', counterAt - 1);
  const keyAt = body.lastIndexOf(',', playerAt - 1);
  const dataAt = body.indexOf(',');
  if (dataAt < 0 || dataAt >= keyAt) return ['', '', '', '', ''];
  const part = (from: number, to?: number) => body.slice(from + 1, to).trim();
  const data = body.slice(dataAt + 1, keyAt);
  return [body.slice(0, dataAt).trim(), data, part(keyAt, playerAt), part(playerAt, counterAt), part(counterAt)];
}

function readRegistration(given: string, key: string, partner: string): Request {
  if (key !== unused && key !== patientWord) return wrong('4/3/*');
  const own = name.safeParse(given);
  if (!own.success) return wrong(codes['bad-name']);
  const wants = partner === unused ? undefined : name.safeParse(partner);
  if (wants?.success === false) return wrong(codes['bad-partner']);
  return {
    kind: 'register',
    registration: { name: own.data, wants: wants?.data ?? null, patient: key === patientWord, once: null },
  };
}

function wrong(answer: string): Request {
  return { kind: 'wrong', answer };
}

/** What the older client reads. */
export function writeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'registered':
      return `0/0/${outcome.key}`;
    case 'unregistered':
    case 'quit':
    case 'kept':
      return '0/1/*';
    case 'waiting':
      return '0/2/*';
    case 'paired':
      return `0/${outcome.role === 'server' ? 3 : 4}/${outcome.partner}`;
    case 'loading':
      return `0/${outcome.role === 'server' ? 5 : 6}/`;
    case 'partner-loading':
      return '0/7/*';
    case 'started':
      return `0/8/${outcome.key}|${outcome.seat}`;
    case 'answer':
      return writeAnswer(outcome);
    case 'refused':
      return writeRefused(outcome);
  }
}

function writeAnswer(answer: Answered): string {
  const last = writeLast(answer);
  return answer.repeated ? `0/11/*${last}|${join(answer, answer.news)}` : last;
}

/** The answer to a counter, with what its repeats have brought so far. */
function writeLast(answer: Answered): string {
  const first = answer.fresh.length === 0 ? '0/10/*' : `0/9/${join(answer, answer.fresh)}`;
  return answer.later.length === 0 ? first : `${first}|${join(answer, answer.later)}`;
}

/** Of more than two seats each text says whose it is. */
function join({ seats }: Answered, texts: readonly Text[]): string {
  return texts.map(({ from, text }) => (seats > 2 ? `${from}:${text}` : text)).join('|');
}

function writeRefused({ why, last, waitS = 0 }: Refused): string {
  if (why === 'too-fast') return `8/${Math.ceil(waitS)}/*`;
  return last === undefined ? codes[why] : `${codes[why].slice(0, -1)}${writeLast(last)}`;
}

/** A star stands for nothing; a second number for what was not told apart by the older server. */
const codes: Readonly<Record<Refusal, string>> = {
  'bad-seat': '4/1/*',
  'not-registered': '5/*/*',
  'bad-name': '7/*/*',
  'too-fast': '8/0/*',
  'partner-gone': '9/2/*',
  full: '11/*/*',
  'address-full': '11/1/*',
  'matches-full': '12/*/*',
  'address-matches-full': '12/1/*',
  'no-match': '13/*/*',
  'not-your-seat': '14/*/*',
  alone: '15/*/*',
  'bad-partner': '16/*/*',
  'named-gone': '17/*/*',
  behind: '18/*/*',
  ahead: '19/*/*',
  'cache-full': '21/*/*',
  'partner-full': '21/1/*',
};
