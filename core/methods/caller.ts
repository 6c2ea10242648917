/** A session and a zone as handlers see them. */

import type { Json, JsonObject } from '../contract/content.ts';
import { zoneItself, zoneOwner } from '../contract/driver.ts';
import { HostError } from '../contract/errors.ts';
import type { Line, MethodInfo, ObjectId, ZoneId } from '../contract/link.ts';
import type { Account, Caller, CallOptions, Entered, Persona, Told, Zone } from '../contract/plugin.ts';
import type { Gateway, Session, Views, ZoneAsk, Zones } from '../contract/ports.ts';
import { tellObject } from './costs.ts';
import { findFlaw, resultBounds } from './plain.ts';

export type CallerParts = {
  readonly gateway: Gateway;
  readonly zones: Zones;
  readonly views: Views;
  /** @throws HostError host.dev-only */
  readonly watch: (session: Session) => void;
};

export function toCaller(parts: CallerParts, session: Session): Caller {
  return new SessionCaller(parts, session);
}

export function toZone(parts: CallerParts, zone: ZoneId): Zone {
  return new ZoneOutside(parts, zone);
}

/** Events that socket.io keeps for itself; sending one of them would throw inside it. */
const reservedEvents = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

/** A plugin's message, before it goes to anybody. @throws TypeError */
export function checkMessage(event: string, data: unknown): void {
  if (reservedEvents.has(event)) throw new TypeError(`"${event}" is an event of socket.io itself`);
  const flaw = findFlaw(data, resultBounds);
  if (flaw !== undefined) throw new TypeError(`Cannot send "${event}": ${flaw}`);
}

/** Reads the session anew each time: it may have moved while a handler waited. */
class SessionCaller implements Caller {
  readonly #parts: CallerParts;
  readonly #session: Session;

  constructor(parts: CallerParts, session: Session) {
    this.#parts = parts;
    this.#session = session;
  }

  get id(): string {
    return this.#session.id;
  }
  get via(): Session['via'] {
    return this.#session.via;
  }
  get loopback(): boolean {
    return this.#session.loopback;
  }
  get address(): string {
    return this.#session.address;
  }
  get page(): boolean {
    return this.#session.page;
  }
  get account(): Account | null {
    return this.#session.account;
  }
  get owner(): string {
    return this.#session.owner;
  }
  get name(): string | null {
    return this.#session.name;
  }
  get zone(): Zone | null {
    const { zone } = this.#session;
    return zone === null ? null : toZone(this.#parts, zone);
  }
  get character(): ObjectId | null {
    return this.#session.character;
  }
  has(privilege: string): boolean {
    return this.#session.has(privilege);
  }
  send(event: string, data: Json): void {
    checkMessage(event, data);
    this.#session.send(event, data);
  }
  enter(zone: ZoneId, name?: string): Promise<Entered> {
    return this.#parts.gateway.enter(this.#session, zone, name);
  }
  leave(): Promise<void> {
    return this.#parts.gateway.leave(this.#session);
  }
  get watching(): ZoneId | null {
    return this.#session.watching;
  }
  watchZone(zone: ZoneId, spot: { x: number; y: number; distance: number }): Promise<ZoneId> {
    return this.#parts.gateway.watch(this.#session, zone, spot);
  }
  unwatchZone(): void {
    this.#parts.gateway.unwatch(this.#session);
  }
  login(account: Account): Promise<void> {
    return this.#parts.gateway.identify(this.#session, account);
  }
  logout(): Promise<void> {
    return this.#parts.gateway.identify(this.#session, null);
  }
  play(persona: Persona): Promise<void> {
    return this.#parts.gateway.play(this.#session, persona);
  }
  keep(token: string | null, maxAgeS: number): boolean {
    return this.#session.keep(token, maxAgeS);
  }
  sees(object: ObjectId): boolean {
    return this.#parts.views.sees(this.#session.id, object);
  }
  objects(since?: number): readonly Json[] {
    return this.#parts.views.objects(this.#session.id, since);
  }
  heard(since?: number): readonly Line[] {
    return this.#parts.gateway.heard(this.#session, since);
  }
  snapshot(): void {
    const { id } = this.#session;
    this.#session.afterAnswer(() => this.#parts.views.snapshot(id));
  }
  watch(): void {
    this.#parts.watch(this.#session);
  }
}

class ZoneOutside implements Zone {
  readonly id: ZoneId;
  readonly #parts: CallerParts;

  constructor(parts: CallerParts, id: ZoneId) {
    this.#parts = parts;
    this.id = id;
  }

  get game(): string {
    return this.id.slice(0, this.id.indexOf('/'));
  }
  who() {
    return this.#parts.gateway.who(this.id);
  }
  object(object: ObjectId): JsonObject | undefined {
    return this.#parts.views.object(this.id, object);
  }
  activates(kind: string): boolean {
    return this.#parts.zones.find(this.id)?.kinds.get(kind)?.activates === true;
  }
  methods(kind: string): readonly MethodInfo[] {
    return this.#parts.zones.find(this.id)?.kinds.get(kind)?.methods ?? [];
  }
  async say(character: ObjectId, text: string): Promise<{ tick: number }> {
    const { tick } = await this.#ask({ type: 'say', owner: this.#ownerOf(character), character, text });
    return { tick };
  }
  async move(character: ObjectId, dx: number, dy: number) {
    const { tick, result } = await this.#ask({ type: 'move', owner: this.#ownerOf(character), character, dx, dy });
    return { tick, ...(result as { readonly x: number; readonly y: number; readonly speed: number }) };
  }
  call(
    character: ObjectId,
    object: ObjectId | null,
    method: string,
    params: JsonObject = {},
    options: CallOptions = {},
  ) {
    const { durable = false, once } = options;
    const owner = this.#ownerOf(character);
    const ask = { type: 'call' as const, owner, character, object: object ?? zoneItself, method, params, durable };
    return this.#ask(once === undefined ? ask : { ...ask, once });
  }
  activate(character: ObjectId, object: ObjectId): Promise<Told> {
    return this.call(character, object, '@activate');
  }
  answer(character: ObjectId, object: ObjectId, question: string, choice: string): Promise<Told> {
    return this.call(character, object, '@answer', { name: question, choice });
  }
  input(character: ObjectId, seq: number, input: JsonObject): void {
    this.#parts.zones.tell(this.id, { type: 'input', owner: this.#ownerOf(character), character, seq, input });
  }
  run(object: ObjectId | null, method: string, params: JsonObject = {}): Promise<Told> {
    const zone = { owner: zoneOwner, character: zoneItself };
    return this.#ask({ type: 'call', ...zone, object: object ?? zoneItself, method, params, durable: true });
  }
  async inspect(object: ObjectId): Promise<Json> {
    return (await this.#ask({ type: 'inspect', object })).result;
  }
  examine(object: ObjectId) {
    const found = this.#parts.zones.examine(this.id, object);
    return found && { ...found, words: tellObject(found) };
  }

  async #ask(ask: ZoneAsk): Promise<Told> {
    const { tick, outcome } = await this.#parts.zones.ask(this.id, ask);
    if (outcome.ok) return { tick, result: outcome.result };
    throw new HostError(outcome.code, outcome.message, outcome.details);
  }

  /** @throws HostError object.no-character when no session controls it */
  #ownerOf(character: ObjectId): string {
    for (const session of this.#parts.gateway.sessions()) if (session.character === character) return session.owner;
    throw new HostError('object.no-character', 'No session controls this character');
  }
}
