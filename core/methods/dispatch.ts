/**
 * A call from any door: find the method, check params, caller and rate, run the handler, answer. Every outcome is an
 * answer; nothing that a stranger sends or a plugin throws comes out as an error.
 */
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Allow, Rate } from '../contract/plugin.ts';
import type { Dispatch, Session, Tracing } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import { adopt, goOn, type Soon, settle } from '../contract/soon.ts';
import type { Blame, Doing } from './blame.ts';
import type { CallCounts } from './call-counts.ts';
import { toCaller } from './caller.ts';
import { type HostParts, hostFor } from './host.ts';
import { checkParams } from './params.ts';
import { findFlaw, resultBounds } from './plain.ts';
import type { Rates } from './rates.ts';
import type { Entry, Registry } from './registry.ts';
import { nobody, type Running } from './running.ts';
import type { Traffic } from './traffic.ts';
import { Overdue, within } from './within.ts';

export type DispatchParts = {
  readonly registry: Registry;
  readonly rates: Rates;
  readonly blame: Blame;
  readonly counts: CallCounts;
  readonly traffic: Traffic;
  readonly host: HostParts;
  readonly rate: Rate;
  readonly deadlineMs: number;
  readonly tracing?: Tracing | undefined;
};

/** Methods that call methods that call methods. */
const depthMost = 8;
const codePattern = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/;
const messageLength = 1_000;

/** The same for calls from inside: they run within the call that made them. */
export type Calls = Dispatch & {
  readonly callWithin: (doing: Doing | null, session: Session, method: string, params: unknown) => Soon<Answer>;
};

export function createDispatch(parts: DispatchParts): Calls {
  function callWithin(outer: Doing | null, session: Session, name: string, given: unknown): Soon<Answer> {
    const { tracing } = parts;
    return tracing ? followed(tracing, outer, session, name, given) : answerOf(outer, session, name, given);
  }

  function followed(
    tracing: Tracing,
    outer: Doing | null,
    session: Session,
    name: string,
    given: unknown,
  ): Promise<Answer> {
    const method = parts.registry.find(name)?.name ?? 'unknown';
    const call = { method, session, inner: outer !== null };
    return tracing.call(call, async () => answerOf(outer, session, name, given));
  }

  function answerOf(outer: Doing | null, session: Session, name: string, given: unknown): Soon<Answer> {
    const beganMs = performance.now();
    const count = (answered: Answer): Answer => {
      const tookMs = performance.now() - beganMs;
      parts.counts.add(parts.registry.find(name)?.name, answered, tookMs);
      if (parts.traffic.on) parts.traffic.call(session, name, answered, tookMs);
      return answered;
    };
    return settle(
      () => answer(outer, session, name, given),
      (result) => count({ ok: true, result }),
      (error) => count(toAnswer(error, parts.host.log)),
    );
  }

  function answer(outer: Doing | null, session: Session, name: string, given: unknown): Soon<Json> {
    const entry = find(name);
    const { gate } = entry.slot;
    // While a plugin hands over to its next build, its calls wait; those it makes itself go on, or it would wait for itself.
    if (gate && !isInside(outer, entry)) {
      return within(parts.deadlineMs, gate, () => {}).then(() => answer(outer, session, name, given));
    }
    const running = entry.slot.current;
    if (!running) throw unknownMethod(name);
    if (entry.slot.disabled)
      throw new HostError('call.disabled', `The plugin of ${name} failed too often and is switched off`);
    const leave = running.enter();
    return settle(
      () => callOn(running, entry, outer, session, given),
      (result) => {
        leave();
        return result;
      },
      (error) => {
        leave();
        throw error;
      },
    );
  }

  function callOn(running: Running, entry: Entry, outer: Doing | null, session: Session, given: unknown): Soon<Json> {
    const byServer = session.via === 'server';
    // What somebody has a plugin do as the server, he does.
    const doing = running.doing(entry.name, byServer ? (outer ?? nobody) : session, outer);
    return settle(
      () => {
        const checked = checkParams(entry.name, entry.method.params, given);
        const result = goOn(checked, (params) => carryOut(running, entry, doing, session, params));
        return goOn(result, checkResult);
      },
      (result) => result,
      (error) => {
        if (isOutcome(error) && !(error instanceof Overdue)) throw error;
        parts.blame.fail(doing, error);
        if (!byServer) parts.rates.charge(session, entry.name);
        throw isOutcome(error) ? error : new HostError('call.failed');
      },
    );
  }

  /** Runs the handler for whoever may call it now. */
  function carryOut(running: Running, entry: Entry, doing: Doing, session: Session, params: unknown): unknown {
    checkAllowed(session, entry);
    if (session.via !== 'server') checkRate(session, entry);
    checkDepth(doing.within, entry.name);
    parts.blame.countCall(running.tally);
    const told = { caller: toCaller(parts.host, session), params, host: hostFor(parts.host, running.host, session) };
    const work = parts.blame.run(doing, () => adopt(entry.method.handle(told)));
    if (!(work instanceof Promise)) return work;
    return within(entry.method.deadlineMs ?? parts.deadlineMs, work, (error) => parts.blame.fail(doing, error));
  }

  function find(name: string): Entry {
    const entry = parts.registry.find(name);
    if (!entry) throw unknownMethod(name);
    return entry;
  }

  function checkRate(session: Session, { name, method }: Entry): void {
    const rate = method.rate ?? parts.rate;
    if (parts.rates.take(session, name, rate)) return;
    const { perSecond, burst } = rate;
    throw new HostError('call.too-fast', `${name} may be called ${perSecond} times a second, ${burst} at once`);
  }

  return {
    call: (session, method, params) => callWithin(null, session, method, params),
    callWithin,
  };
}

function unknownMethod(name: string): HostError {
  return new HostError('call.unknown-method', `No such method: ${String(name).slice(0, 64)}`);
}

/** @throws HostError call.forbidden */
function checkAllowed(session: Session, { name, method }: Entry): void {
  if (!mayCall(session, method.allow)) {
    const needs = method.allow === 'player' ? 'a character: enter a zone first' : `the right "${method.allow}"`;
    throw new HostError('call.forbidden', `${name} needs ${needs}`, { needs: method.allow });
  }
}

function mayCall(session: Session, allow: Allow): boolean {
  switch (allow) {
    case 'anyone':
      return true;
    case 'player':
      return session.zone !== null && session.character !== null;
    case 'server':
      return session.via === 'server';
    case 'account':
      return session.via === 'server' || (session.account !== null && !session.account.privileges.includes('bot'));
    default:
      return session.via === 'server' || session.has(allow);
  }
}

function isInside(outer: Doing | null, { slot }: Entry): boolean {
  for (let doing = outer; doing; doing = doing.within) if (doing.tally === slot.current?.tally) return true;
  return false;
}

function checkDepth(outer: Doing | null, name: string): void {
  let depth = 0;
  for (let doing = outer; doing; doing = doing.within) depth += 1;
  if (depth > depthMost)
    throw new HostError('call.failed', `${name} was called through more than ${depthMost} methods`);
}

/** @throws Error when a handler answered something that is not plain JSON. */
function checkResult(result: unknown): Json {
  const flaw = findFlaw(result, resultBounds);
  if (flaw !== undefined) throw new Error(`The handler answered what cannot be sent: ${flaw}`);
  return (result ?? null) as Json;
}

/** An error with a code, also when it comes from another copy of the class. */
function isOutcome(error: unknown): error is HostError {
  return (
    error instanceof Error && 'code' in error && error.name === 'HostError' && codePattern.test(String(error.code))
  );
}

function toAnswer(error: unknown, log: HostParts['log']): Answer {
  if (!isOutcome(error)) {
    log.error({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 'call failed');
    return toAnswer(new HostError('call.failed'), log);
  }
  const { code, message, details } = error;
  const plain = details !== undefined && findFlaw(details, resultBounds) === undefined;
  return {
    ok: false,
    error: { code, message: message.slice(0, messageLength), ...(plain ? { details: details as Json } : {}) },
  };
}
