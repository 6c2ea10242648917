/** Modes for programs: JSON objects in the older format, JSON-RPC, and keys with values; one message a line. */
import type { Json, JsonObject } from '../../contract/content.ts';
import type { Answer } from '../../contract/protocol.ts';
import type { Done } from '../../shell/door.ts';
import { tellEvent } from '../../shell/news.ts';
import { answerRpc, parseError, refusalBody } from '../rpc.ts';
import { type KvForm, readKv, usualForm, writeKv } from './kv.ts';
import { type Mode, type ModeName, modeNames, readCount, toState, type Wire } from './mode.ts';

/** `{"cmd":"say","args":"hello"}` → `{"state":"OK","msg":"…"}`; servers speak the same. */
export function createClientMode(wire: Wire, name: 'CLIENT' | 'SERVER'): Mode {
  const { shell, send } = wire;

  async function handle(line: string): Promise<void> {
    if (line.trim() === '') return;
    const asked = parseObject(line);
    if (asked === undefined) return send(toState('ERROR', 'Invalid JSON.', { code: 'call.malformed' }));
    const { cmd, id } = asked;
    // What somebody gives to tell his answers apart comes back with them.
    const mark: JsonObject = typeof id === 'string' || typeof id === 'number' ? { id } : {};
    const args = readArgs(asked.args);
    if (typeof cmd !== 'string' || cmd.trim() === '')
      return send(toState('ERROR', 'No command: "cmd" is missing.', { code: 'call.malformed', ...mark }));
    if (args === undefined)
      return send(toState('ERROR', '"args" is text, or an object of params.', { code: 'call.malformed', ...mark }));
    if (typeof args === 'object') return send(toLine(await wire.call(cmd.trim(), args), mark));
    return await command(cmd.trim(), args.trim(), mark, asked.token);
  }

  async function command(cmd: string, args: string, mark: JsonObject, token: Json | undefined): Promise<void> {
    switch (cmd.toUpperCase()) {
      case 'MODE': {
        const [mode = '', given = typeof token === 'string' ? token : undefined] = args.split(/\s+/);
        await wire.change(mode, given);
        return;
      }
      case 'HW': {
        const count = readCount(args);
        const wrong = toState('ERROR', `HW wants a number: "${args.slice(0, 64)}" is none.`, {
          code: 'shell.wrong',
          ...mark,
        });
        return send(count === undefined ? wrong : toState('OK', hellos(count).join('\n'), mark));
      }
      case 'HELP':
        if (args === '') return send(toState('OK', (await helpWords(shell, name)).join(' '), mark));
        return send(doneToLine(await shell.run(`help ${args}`), mark));
      case 'QUIT':
        send(toState('OK', 'Bye.', mark));
        return wire.close();
      default: {
        const done = await shell.run(`${cmd} ${args}`);
        send(doneToLine(done, mark));
        return done.quit ? wire.close() : undefined;
      }
    }
  }

  return {
    start: () => send(toState('OK', `Mode: ${name}`)),
    handle,
    hear(event, data) {
      shell.hear(event, data);
      send(toState('EVENT', tellEvent(event, data, wire.now()).join('\n'), { event, data }));
    },
    refuse: (code, message) => send(toState('ERROR', message, { code })),
  };
}

/** The words of the older server first; to a server, the methods of servers too. */
async function helpWords(shell: Wire['shell'], name: ModeName): Promise<readonly string[]> {
  const words = ['HELP', 'HW', 'MODE', 'QUIT', ...shell.words.map((word) => word.toUpperCase())];
  if (name !== 'SERVER') return [...new Set(words)];
  return [...new Set([...words, ...(await shell.methods())])];
}

export function hellos(count: number): readonly string[] {
  return new Array<string>(count).fill('Hello, world!');
}

/** Texts, words of a list, params; undefined for what is none of these. */
function readArgs(args: Json | undefined): string | JsonObject | undefined {
  if (args === undefined || args === null) return '';
  if (typeof args === 'string') return args;
  if (typeof args === 'number' || typeof args === 'boolean') return String(args);
  if (!Array.isArray(args)) return args as JsonObject;
  return args.every((one) => typeof one !== 'object') ? args.map(String).join(' ') : undefined;
}

function toLine(answer: Answer, mark: JsonObject): string {
  if (answer.ok) return toState('OK', 'OK', { result: answer.result, ...mark });
  const { code, message, details } = answer.error;
  return toState('ERROR', message, { code, ...(details === undefined ? {} : { details }), ...mark });
}

/** A refusal is its first sentence; what else there is to say is a hint. */
function doneToLine({ ok, lines, code, result, quit: _quit }: Done, mark: JsonObject): string {
  const more: JsonObject = { ...(result === undefined ? {} : { result }), ...mark };
  if (ok) return toState('OK', lines.join('\n'), more);
  const [message = '', ...hints] = lines;
  return toState('ERROR', message, {
    ...(code === undefined ? {} : { code }),
    ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
    ...more,
  });
}

/** JSON-RPC 2.0: a request or a batch a line; what comes unasked for is a notification. */
export function createRpcMode({ call, send, shell }: Wire): Mode {
  return {
    start: () => send(toState('OK', 'Mode: RPC')),
    async handle(line) {
      if (line.trim() === '') return;
      const body = parse(line);
      const told =
        body === undefined
          ? parseError().body
          : (await answerRpc(body, (method, params) => call(method, params as JsonObject))).body;
      if (told !== '') send(told);
    },
    hear(event, data) {
      shell.hear(event, data);
      send(JSON.stringify({ jsonrpc: '2.0', method: event, params: data }));
    },
    refuse: (code, message) => send(refusalBody(code as Parameters<typeof refusalBody>[0], message)),
  };
}

/** `msg=chat.say&text=hello` → the same with what was answered, and `status`: 0, or 1 with `code` and `error`. */
export function createKvMode(wire: Wire): Mode {
  const { shell, send } = wire;
  let form: KvForm = usualForm;

  async function handle(line: string): Promise<void> {
    if (line.trim() === '') return;
    const read = readKv(line);
    const msg = read?.fields.get('msg')?.trim();
    if (read === undefined || msg === undefined) {
      const error = 'A message is msg=METHOD&key=value, each key once';
      return send(
        writeKv(form, [
          ['status', 1],
          ['code', 'call.malformed'],
          ['error', error],
        ]),
      );
    }
    form = read.form;
    if (msg === '') return;
    const params = new Map([...read.fields].filter(([key]) => key !== 'msg'));
    if (msg.toLowerCase() === 'mode') {
      await wire.change(params.get('mode') ?? '', params.get('token'));
      return;
    }
    const done = shell.isCommand(msg) ? await shell.run([msg, ...params.values()].join(' ')) : undefined;
    const told = done === undefined ? answered(await shell.callTyped(msg, params)) : doneToFields(done);
    // As it was asked, but for what is not to be seen twice.
    const asked = shell.withoutSecrets(msg, params);
    send(writeKv(form, new Map<string, Json>([['msg', msg], ...asked, ...told])));
    if (done?.quit) wire.close();
  }

  return {
    start: () =>
      send(
        writeKv(form, [
          ['msg', 'mode'],
          ['mode', 'KV'],
          ['status', 0],
        ]),
      ),
    handle,
    hear(event, data) {
      shell.hear(event, data);
      send(writeKv(form, new Map<string, Json>([...fieldsOf(data), ['msg', event]])));
    },
    refuse: (code, message) =>
      send(
        writeKv(form, [
          ['status', 1],
          ['code', code],
          ['error', message],
        ]),
      ),
  };
}

function answered(answer: Answer): readonly (readonly [string, Json])[] {
  if (answer.ok) return [...fieldsOf(answer.result), ['status', 0]];
  return [
    ['status', 1],
    ['code', answer.error.code],
    ['error', answer.error.message],
  ];
}

function fieldsOf(value: Json): readonly (readonly [string, Json])[] {
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return [['result', value]];
  // What says which message it is, and how it went, is ours to say.
  return Object.entries(value).filter(([key]) => key !== 'msg' && key !== 'status');
}

function doneToFields({ ok, lines, code = 'call.failed' }: Done): readonly (readonly [string, Json])[] {
  if (ok) return [...(lines.length === 0 ? [] : [['text', lines.join('\n')] as const]), ['status', 0]];
  const [error = '', ...hints] = lines;
  const hint = hints.length === 0 ? [] : [['hint', hints.join('\n')] as const];
  return [['status', 1], ['code', code], ['error', error], ...hint];
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // No JSON: it is answered as what it is.
  }
}

function parseObject(line: string): Readonly<Record<string, Json | undefined>> | undefined {
  const value = parse(line);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** What can be chosen, for a program and for whoever reads it. */
export function modeList(): string {
  return toState('OK', modeNames.join(' '), { modes: [...modeNames] });
}
