/** What clients ask of objects: methods, activation, answers, input. Checked here again: what came in is a claim. */
import type { Json, JsonObject } from '../../contract/content.ts';
import type { InboxItem, MethodInfo } from '../../contract/link.ts';
import { here, type Obj, zoneItself } from './here.ts';
import { answered } from './keep.ts';
import { edgeDistance } from './looking.ts';
import { isSuspended, whySuspended } from './marks.ts';
import { dispatch, failed, type MakeEvent, run } from './run.ts';
import type { Handler, Script } from './script.ts';

type Call = Extract<InboxItem, { type: 'call' }>;
type Input = Extract<InboxItem, { type: 'input' }>;
type Outcome = Wrong | { readonly result: Json; readonly durable: boolean };
type Method = { readonly info: MethodInfo; readonly handler: Handler };
type Wrong = { readonly code: string; readonly message: string; readonly details?: Json };

/** Metres from edge to edge within which things are activated. */
const activateReach = 2;
const longestString = 500;
const mostParams = 4_096;

export type MakeCallEvent = (by: Obj, more: { readonly [key: string]: unknown }) => MakeEvent;

/** Runs a call and answers it. */
export function call(item: Call, event: MakeCallEvent): void {
  const outcome = outcomeOf(item, event);
  if ('code' in outcome) here.outcomes.push({ call: item.call, ok: false, ...outcome });
  else
    here.outcomes.push({ call: item.call, ok: true, result: outcome.result, durable: outcome.durable || item.durable });
}

function outcomeOf(item: Call, event: MakeCallEvent): Outcome {
  const object = item.object === zoneItself ? here.itself : here.byId.get(item.object);
  // The server calls for nobody, from nowhere: the object itself stands for who does.
  if (item.character === zoneItself) return byServer(item, object, event);
  const by = here.byId.get(item.character);
  if (!by || by.owner !== item.owner)
    return { code: 'object.no-character', message: 'The session controls no character here.' };
  if (!object || object.dying || (object.words.includes('hidden') && object.owner !== item.owner)) {
    return { code: 'object.not-found', message: 'No such object in your view.' };
  }
  if (item.method === '@activate') return activate(object, by, item.owner, event);
  if (item.method === '@answer') return answer(object, by, item, event);
  const method = object.sort.methods.get(item.method);
  if (!method) return unknown(item);
  return (
    whyNotAllowed(method.info, object, by, item.owner) ??
    carryOut(item, object, method, event(by, { params: item.params }))
  );
}

function byServer(item: Call, object: Obj | null | undefined, event: MakeCallEvent): Outcome {
  if (!object || object.dying) return { code: 'object.not-found', message: 'No such object in this zone.' };
  const method = object.sort.methods.get(item.method);
  return method ? carryOut(item, object, method, event(object, { params: item.params })) : unknown(item);
}

function unknown({ method }: Call): Wrong {
  return { code: 'object.unknown-method', message: `It has no method ${method.slice(0, 64)}.` };
}

function carryOut(item: Call, object: Obj, method: Method, event: MakeEvent): Outcome {
  const wrong = whyNotParams(method.info, item.params);
  if (wrong) return wrong;
  if (isSuspended(object, method.handler.script)) return suspended(object, method.handler.script);
  const result = runFor(object, method.handler, event, item.owner);
  return result === failed ? scriptFailed : { result: (result ?? null) as Json, durable: method.info.durable };
}

function activate(
  object: Obj,
  by: Obj,
  owner: string,
  event: MakeCallEvent,
): Wrong | { result: Json; durable: boolean } {
  if (object !== by && edgeDistance(object, by) > activateReach) return tooFar;
  const handlers = object.sort.on.get('activate') ?? [];
  const results: Json[] = [];
  let failures = 0;
  let resting: Script | null = null;
  for (const handler of handlers) {
    if (!object.alive) break;
    if (isSuspended(object, handler.script)) {
      resting ??= handler.script;
      continue;
    }
    const result = runFor(object, handler, event(by, {}), owner);
    if (result === failed) failures++;
    else if (result !== undefined && result !== null && result !== '') results.push(result as Json);
  }
  if (results.length === 0 && failures > 0) return scriptFailed;
  if (results.length === 0 && resting) return suspended(object, resting);
  return { result: handlers.length > 0 ? { results } : { results, text: 'nothing happened' }, durable: false };
}

function answer(object: Obj, by: Obj, item: Call, event: MakeCallEvent): Wrong | { result: Json; durable: boolean } {
  const { name, choice } = item.params;
  if (typeof name !== 'string' || typeof choice !== 'string') {
    return { code: 'object.bad-params', message: 'An answer has a name and a choice.' };
  }
  const asked = answered(object.keep, by.id, name, choice);
  const handler = object.sort.scripts.find((script) => script.name === asked)?.answers.get(name);
  if (!handler)
    return { code: 'object.bad-params', message: 'The object did not ask you this, or that is none of its choices.' };
  if (isSuspended(object, handler.script)) return suspended(object, handler.script);
  const result = runFor(object, handler, event(by, { choice }), item.owner);
  return result === failed ? scriptFailed : { result: (result ?? null) as Json, durable: false };
}

function runFor(object: Obj, handler: Handler, event: MakeEvent, owner: string): unknown {
  return run(object, handler, event(here.turns + 1), owner, true);
}

function whyNotAllowed(info: MethodInfo, object: Obj, by: Obj, owner: string): Wrong | null {
  if (object.id === zoneItself || info.allow === 'view') return null;
  if (info.allow === 'owner') {
    return object.owner === owner ? null : { code: 'object.forbidden', message: 'Only the owner may do this.' };
  }
  return object === by || edgeDistance(object, by) <= info.reach ? null : tooFar;
}

function whyNotParams(info: MethodInfo, params: JsonObject): Wrong | null {
  const wrong = { __proto__: null } as unknown as Record<string, string>;
  let length = 0;
  for (const [name, value] of Object.entries(params)) {
    length += name.length + (typeof value === 'string' ? value.length : 8);
    if (!Object.hasOwn(info.params, name)) wrong[name.slice(0, 64)] = 'is not known';
  }
  for (const [name, type] of Object.entries(info.params)) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined && type.endsWith('?')) continue;
    if (!fits(value, type.replace('?', ''))) wrong[name] = `has to be ${type}`;
  }
  if (length > mostParams) wrong['*'] = `are at most ${mostParams} bytes together`;
  if (Object.keys(wrong).length === 0) return null;
  const text = Object.entries(wrong)
    .slice(0, 8)
    .map(([name, why]) => `${name} ${why}`)
    .join(', ');
  return { code: 'object.bad-params', message: `The params do not fit: ${text}.`, details: wrong };
}

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'id':
      return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
    default:
      return typeof value === 'string' && value.length <= longestString && value.isWellFormed();
  }
}

/** Hands a session's input to its character; one without a handler is steered outside. */
export function input(item: Input, event: MakeCallEvent): void {
  const object = here.byId.get(item.character);
  if (!object || object.owner !== item.owner) return;
  here.acks.set(item.owner, Math.max(here.acks.get(item.owner) ?? item.seq, item.seq));
  dispatch(object, 'input', event(object, { input: item.input, seq: item.seq }), item.owner);
}

const tooFar: Wrong = { code: 'object.too-far', message: 'The object is out of reach.' };
const suspended = (object: Obj, script: Script): Wrong => ({
  code: 'object.suspended',
  message: whySuspended(object, script),
});
const scriptFailed: Wrong = { code: 'object.failed', message: 'The script of the object failed.' };
