/** One program's definition, checked: from here on nothing of it is read through objects that a script may change. */
import { bodyLimits, whyNotBody } from '../../contract/body.ts';
import type { BodySpec, Json, Look, Program } from '../../contract/content.ts';
import type { MethodInfo } from '../../contract/link.ts';
import { type Layout, layoutOf } from './group.ts';
import { dataLimits, plain } from './plain.ts';

export type HandlerFunction = (self: unknown, event: unknown) => unknown;

/** A function of a script, with what is needed to name and count it. */
export type Handler = {
  readonly script: Script;
  /** As reports name it: `tick`, `timers.cluck`, `methods.feed`. */
  readonly name: string;
  /** Its number in the blame words. */
  readonly number: number;
  readonly run: HandlerFunction;
};

export type Script = {
  readonly name: string;
  readonly role: Program['role'];
  readonly path: string;
  readonly build: string;
  readonly version: number;
  readonly look: Look | null;
  readonly body: BodySpec | null;
  readonly speed: number | null;
  /** Seconds between ticks, 0 for every tick. */
  readonly every: number;
  readonly near: { readonly radius: number; readonly kinds: readonly string[] } | null;
  readonly contains: number | null;
  readonly state: ReadonlyMap<string, Json>;
  readonly own: ReadonlyMap<string, Json>;
  readonly secret: Layout;
  readonly on: ReadonlyMap<string, Handler>;
  readonly before: ReadonlyMap<string, Handler>;
  readonly timers: ReadonlyMap<string, Handler>;
  readonly messages: ReadonlyMap<string, Handler>;
  readonly answers: ReadonlyMap<string, Handler>;
  readonly methods: ReadonlyMap<string, { readonly info: MethodInfo; readonly handler: Handler }>;
  readonly migrate: Handler | null;
  /** Why none of its handlers runs, in words. */
  readonly resting: string | null;
};

const events = {
  object: [
    'create',
    'load',
    'tick',
    'input',
    'activate',
    'touch',
    'part',
    'near',
    'far',
    'hear',
    'enter',
    'leave',
    'owner',
    'refused',
    'destroy',
  ],
  zone: ['create', 'load', 'tick', 'enter', 'leave', 'refused'],
};
const keys = {
  object: [
    'version',
    'look',
    'body',
    'speed',
    'every',
    'near',
    'contains',
    'state',
    'own',
    'secret',
    'on',
    'before',
    'timers',
    'messages',
    'answers',
    'methods',
    'migrate',
  ],
  zone: ['version', 'every', 'state', 'on', 'timers', 'methods'],
};
const methodKeys = ['label', 'allow', 'reach', 'durable', 'params', 'handle'];
const paramTypes = /^(number|integer|string|boolean|id)\??$/;
const fieldName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const kindName = /^[a-z][a-z0-9-]{0,31}$/;

/** Fields a group may have. */
const mostFields = 64;
/** Handlers of one script, and of all scripts of a zone: the node is told of each at every swap. */
export const mostHandlers = { script: 256, zone: 20_000 } as const;
/** Characters of the name of a timer, a message, an answer or a method. */
const longestName = 64;

/** Where handlers get their numbers. @throws RangeError when the zone has no more */
export type Numbers = (handler: Omit<Handler, 'number'>) => number;

/**
 * Reads what `defineObject` or `defineZone` was given.
 * @throws TypeError or RangeError with a text for the designer.
 */
export function readScript(program: Program, definition: unknown, character: string, number: Numbers): Script {
  const wanted = program.role === 'zone' ? 'defineZone' : 'defineObject';
  const made = isObject(definition) ? definition : {};
  if (made.role !== program.role || !isObject(made.script))
    throw new TypeError(`it needs export default ${wanted}({ … })`);
  const spec = made.script;
  onlyKeys(spec, keys[program.role], wanted);
  const allow = program.role === 'object' && program.name === character ? 'owner' : 'reach';
  const on = new Map<string, Handler>();
  const before = new Map<string, Handler>();
  const timers = new Map<string, Handler>();
  const messages = new Map<string, Handler>();
  const answers = new Map<string, Handler>();
  const methods = new Map<string, { info: MethodInfo; handler: Handler }>();
  const script: { -readonly [K in keyof Script]: Script[K] } = {
    name: program.name,
    role: program.role,
    path: program.path,
    build: program.build,
    version: numberOf(spec.version, 'version', 1, 1, 1_000_000, true),
    look: spec.look === undefined ? null : (plain(spec.look, 'look', 1024) as Look),
    body: spec.body === undefined ? null : bodyOf(spec.body),
    speed: spec.speed === undefined ? null : numberOf(spec.speed, 'speed', 0, 0, 100),
    every: numberOf(spec.every, 'every', 0, 0, 3600),
    near: nearOf(spec.near),
    contains:
      spec.contains === undefined ? null : numberOf(part(spec, 'contains').max, 'contains.max', 0, 0, 1_000, true),
    state: fieldsOf(spec, 'state'),
    own: fieldsOf(spec, 'own'),
    secret: layoutOf('secret', fieldsOf(spec, 'secret')),
    on,
    before,
    timers,
    messages,
    answers,
    methods,
    migrate: null,
    resting: program.resting ?? null,
  };
  let count = 0;
  const handler = (name: string, run: unknown): Handler => {
    const made = { script, name, run: functionOf(run, name) };
    if (++count > mostHandlers.script) throw new RangeError(`it has more than ${mostHandlers.script} handlers`);
    return { ...made, number: number(made) };
  };
  if (spec.migrate !== undefined) script.migrate = handler('migrate', spec.migrate);
  for (const [name, run] of known(spec, 'on', events[program.role])) on.set(name, handler(name, run));
  for (const [name, run] of known(spec, 'before', ['take', 'enter', 'push']))
    before.set(name, handler(`before.${name}`, run));
  for (const [name, run] of named(spec, 'timers')) timers.set(name, handler(`timers.${name}`, run));
  for (const [name, run] of named(spec, 'messages')) messages.set(name, handler(`messages.${name}`, run));
  for (const [name, run] of named(spec, 'answers')) answers.set(name, handler(`answers.${name}`, run));
  for (const [name, method] of named(spec, 'methods')) {
    if (!isObject(method)) throw new TypeError(`methods.${name} is { handle(self, { by, params }) { … } }`);
    onlyKeys(method, methodKeys, `methods.${name}`);
    methods.set(name, { info: methodOf(name, method, allow), handler: handler(`methods.${name}`, method.handle) });
  }
  return script;
}

function methodOf(name: string, method: Record<string, unknown>, allow: 'owner' | 'reach'): MethodInfo {
  const what = `methods.${name}`;
  if (name.startsWith('@')) throw new TypeError(`${what} has no proper name`);
  const wanted = method.allow ?? allow;
  if (wanted !== 'owner' && wanted !== 'reach' && wanted !== 'view') {
    throw new TypeError(`${what}.allow is 'owner', 'reach' or 'view'`);
  }
  const params: Record<string, string> = {};
  for (const [param, type] of entries(method, 'params')) {
    if (typeof type !== 'string' || !paramTypes.test(type) || !fieldName.test(param) || param === '__proto__') {
      throw new TypeError(
        `${what}.params.${param} is 'number', 'integer', 'string', 'boolean' or 'id', with ? when optional`,
      );
    }
    params[param] = type;
  }
  const label = method.label === undefined ? name : plain(method.label, `${what}.label`, 128);
  if (typeof label !== 'string') throw new TypeError(`${what}.label is a text`);
  const reach = numberOf(method.reach, `${what}.reach`, 2, 0, 1_000);
  return { name, label, allow: wanted, reach, durable: method.durable === true, params };
}

function fieldsOf(spec: Record<string, unknown>, what: string): ReadonlyMap<string, Json> {
  const fields = new Map<string, Json>();
  for (const [name, value] of entries(spec, what)) {
    if (!fieldName.test(name) || name === '__proto__' || name === 'constructor') {
      throw new TypeError(`${what}.${name}: a field is named by letters, digits and _`);
    }
    fields.set(name, plain(value, `${what}.${name}`, dataLimits.state));
  }
  if (fields.size > mostFields) throw new RangeError(`${what} has more than ${mostFields} fields`);
  return fields;
}

function nearOf(spec: unknown): Script['near'] {
  if (spec === undefined) return null;
  const near = plain(spec, 'near', 2_048) as { radius?: unknown; kinds?: readonly unknown[] };
  const kinds = Array.isArray(near.kinds) ? near.kinds.filter((kind) => typeof kind === 'string') : ['player'];
  return { radius: numberOf(near.radius, 'near.radius', 4, 0, 100), kinds };
}

function bodyOf(spec: unknown): BodySpec {
  const body = plain(spec, 'body', 4_096) as Record<string, Json>;
  const { smallest, largest } = bodyLimits;
  const size = (key: string, radii: 1 | 2) =>
    numberOf(body[key], `body.${key}`, Number.NaN, radii * smallest, radii * largest);
  if (body.shape === 'circle') size('radius', 1);
  else if (body.shape === 'box') {
    size('width', 2);
    size('height', 2);
  } else if (body.shape === 'polygon') checkPoints(body.points);
  else throw new TypeError("body.shape is 'circle', 'box' or 'polygon'");
  if (body.type !== undefined && !['dynamic', 'static', 'kinematic'].includes(String(body.type))) {
    throw new TypeError("body.type is 'dynamic', 'static' or 'kinematic'");
  }
  // What physics would not take stands in nobody's way in here either.
  const wrong = whyNotBody(body as unknown as BodySpec);
  if (wrong !== null) throw new RangeError(`body: ${wrong}`);
  return body as unknown as BodySpec;
}

function checkPoints(points: Json | undefined): void {
  const list: readonly Json[] = Array.isArray(points) ? points : [];
  if (list.length < 3 || list.length > 8) throw new RangeError('body.points has 3 to 8 corners');
  for (const point of list) {
    const { x, y } = (isObject(point) ? point : {}) as { x?: unknown; y?: unknown };
    numberOf(x, 'body.points x', Number.NaN, -bodyLimits.largest, bodyLimits.largest);
    numberOf(y, 'body.points y', Number.NaN, -bodyLimits.largest, bodyLimits.largest);
  }
}

/** @param otherwise  For undefined; NaN says that there must be one. */
function numberOf(value: unknown, what: string, otherwise: number, least: number, most: number, whole = false): number {
  const number = value === undefined ? otherwise : value;
  if (typeof number !== 'number' || !(number >= least && number <= most) || (whole && !Number.isInteger(number))) {
    throw new RangeError(`${what} is a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
  }
  return number;
}

function functionOf(value: unknown, what: string): HandlerFunction {
  if (typeof value !== 'function') throw new TypeError(`${what} is a function`);
  return value as HandlerFunction;
}

function part(spec: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = spec[key];
  if (value === undefined) return {};
  if (!isObject(value)) throw new TypeError(`${key} is { … }`);
  return value;
}

function entries(spec: Record<string, unknown>, key: string): [string, unknown][] {
  return Object.entries(part(spec, key));
}

/** A table with names of ours only. Read once: a getter could give another one the second time. */
function known(spec: Record<string, unknown>, key: string, names: readonly string[]): [string, unknown][] {
  const table = entries(spec, key);
  for (const [name] of table) {
    if (!names.includes(name)) throw new TypeError(`${key} has no '${name}': it takes ${names.join(', ')}`);
  }
  return table;
}

/** A table of handlers that are looked up by name. */
function named(spec: Record<string, unknown>, key: string): [string, unknown][] {
  const table = entries(spec, key);
  for (const [name] of table) {
    // Reports, timers and calls carry it: it is a text like any other.
    if (name === '' || name.length > longestName || !name.isWellFormed() || name.includes('\0'))
      throw new TypeError(`${key}: a name is 1 to ${longestName} proper characters`);
  }
  return table;
}

function onlyKeys(object: Record<string, unknown>, allowed: readonly string[], what: string): void {
  for (const key of Object.keys(object)) {
    if (!allowed.includes(key)) throw new TypeError(`${what} has no '${key}': it takes ${allowed.join(', ')}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isKindName(name: unknown): name is string {
  return typeof name === 'string' && kindName.test(name);
}
