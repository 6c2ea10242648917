/** A shell with a door that answers by hand, and a terminal that is a list of lines. */
import type { Json, JsonObject } from '../../core/contract/content.ts';
import { HostError } from '../../core/contract/errors.ts';
import type { Answer } from '../../core/contract/protocol.ts';
import { playerCommands } from '../../core/shell/commands.ts';
import { Shell } from '../../core/shell/shell.ts';

export type Called = { readonly method: string; readonly params: JsonObject };

type Handler = (params: JsonObject) => Json;

const text = (maxLength: number) => ({ type: 'string', maxLength });
const secret = { type: 'string', format: 'password' };
const method = (name: string, properties: JsonObject, required: readonly string[] = Object.keys(properties)) => ({
  ...{ name, doc: `Does ${name}.`, plugin: name.split('.')[0] as string, allow: 'anyone' },
  rate: { perSecond: 10, burst: 20 },
  params: { type: 'object', properties, required: [...required], additionalProperties: false },
});

/** Methods that the made-up node tells of. */
const told = [
  method('chat.say', { text: text(500) }),
  method('chat.whisper', { to: text(64), text: text(500) }),
  method('auth.password', { old: secret, new: secret }),
  method('safe.open', { box: text(200), combination: secret }),
  method('dice.roll', { sides: { type: 'integer' }, loud: { type: 'boolean' }, note: text(200) }, ['sides']),
  method('room.say', { room: { anyOf: [{ type: 'string' }, { type: 'integer' }] }, text: text(500) }, ['text']),
  method('list.sum', { numbers: { type: 'array', items: { type: 'number' } }, options: { type: 'object' } }, [
    'numbers',
  ]),
];

export function startShell(handlers: Readonly<Record<string, Handler>> = {}, typed: readonly (string | null)[] = []) {
  const called: Called[] = [];
  const asked: { readonly question: string; readonly secret: boolean }[] = [];
  const shown: string[] = [];
  const waiting = [...typed];
  /** Control-C was pressed. */
  const keys = { interrupt: false };
  const known = new Map<string, Handler>([
    [
      'host.info',
      () => ({
        ...{ name: 'roost', version: '1', game: 'farm' },
        games: [{ name: 'farm', title: 'Farm', zones: [{ zone: 'farm/yard', width: 40, height: 20, view: 10 }] }],
        methods: told,
      }),
    ],
    ...Object.entries(handlers),
  ]);
  const shell = new Shell({
    door: {
      async call(name, params): Promise<Answer> {
        if (name !== 'host.info') called.push({ method: name, params });
        const handler = known.get(name);
        try {
          if (!handler) throw new HostError('call.unknown-method', `No such method: ${name}`);
          return { ok: true, result: handler(params) };
        } catch (error) {
          const { code, message } = error as HostError;
          return { ok: false, error: { code, message } };
        }
      },
    },
    terminal: {
      async ask(question, secret) {
        asked.push({ question, secret });
        return waiting.shift() ?? null;
      },
      show: (lines) => shown.push(...lines),
      interrupted: () => keys.interrupt,
      size: () => ({ columns: 80, rows: 24 }),
    },
    commands: playerCommands,
    now: () => 1_800_000_000,
    nowMs: () => 0,
    wait: async () => {},
  });
  return { shell, called, asked, shown, keys };
}
