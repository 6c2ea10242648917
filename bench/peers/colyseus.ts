/**
 * The peer of rows view and arena: a Colyseus 0.18 server on its WebSocket transport, written as its documentation says
 * and as cheaply as we know how. Prints `listening PORT`. Its options are the first argument, as JSON.
 * @source docs.colyseus.io: "State", "StateView", "Room"
 */
import type { AddressInfo } from 'node:net';
import { type Client, Room, Server } from '@colyseus/core';
import { type MapSchema, type Schema, StateView, schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';

export type ColyseusOptions = {
  /** Metres of the square. */
  readonly side: number;
  /** Everybody sees what is within this circle; null: everything, without views. */
  readonly radius: number | null;
  readonly ticksPerSecond: number;
  readonly metresPerSecond: number;
  /** 32: as exact as can be. 16: whole steps of the 65,535th part of the side, which is half the bytes. */
  readonly bits: 16 | 32;
};

const options = JSON.parse(process.argv[2] ?? '{}') as ColyseusOptions;

const coordinate = () => (options.bits === 32 ? t.float32() : t.quantized({ min: 0, max: options.side, bits: 16 }));
/** Where it looks is told in 1/256 turn, as Roost does. */
const Player = schema({ x: coordinate(), y: coordinate(), angle: t.uint8() }, 'Player');
const Shared = schema({ players: t.map(Player) }, 'Shared');
const Viewed = schema({ players: t.map(Player).view() }, 'Viewed');

type PlayerState = Schema & { x: number; y: number; angle: number };
type State = Schema & { players: MapSchema<PlayerState> };

/** What the room knows of a player beside its state, which holds only what is sent. */
type Walker = {
  readonly player: PlayerState;
  readonly view: StateView | undefined;
  readonly seen: Set<Walker>;
  x: number;
  y: number;
  dx: number;
  dy: number;
};

/** Whose view it is has its neighbours looked up every so-manieth tick: in 0.2 s nobody walks a metre. */
const lookEvery = 4;

class Field extends Room<{ state: State }> {
  override state = (options.radius === null ? new Shared() : new Viewed()) as unknown as State;
  override patchRate = 1000 / options.ticksPerSecond;
  readonly walkers = new Map<string, Walker>();
  tick = 0;

  override messages = {
    input: (client: Client, { x, y }: { x: number; y: number }) => {
      const walker = this.walkers.get(client.sessionId);
      if (walker === undefined || !Number.isFinite(x) || !Number.isFinite(y)) return;
      const length = Math.max(1, Math.hypot(x, y));
      walker.dx = (x / length) * options.metresPerSecond;
      walker.dy = (y / length) * options.metresPerSecond;
      const angle = Math.round((Math.atan2(y, x) / (2 * Math.PI)) * 256) & 255;
      if (angle !== walker.player.angle) walker.player.angle = angle;
    },
  };

  override onCreate(): void {
    this.setTimestep((deltaMs) => this.step(deltaMs / 1000), 1000 / options.ticksPerSecond);
  }

  override onJoin(client: Client): void {
    const x = Math.random() * options.side;
    const y = Math.random() * options.side;
    const player = new Player() as unknown as PlayerState;
    player.x = x;
    player.y = y;
    this.state.players.set(client.sessionId, player);
    const view = options.radius === null ? undefined : new StateView();
    if (view !== undefined) {
      client.view = view;
      view.add(player);
    }
    const walker: Walker = { player, view, seen: new Set(), x, y, dx: 0, dy: 0 };
    walker.seen.add(walker);
    this.walkers.set(client.sessionId, walker);
  }

  override onLeave(client: Client): void {
    const walker = this.walkers.get(client.sessionId);
    if (walker === undefined) return;
    this.walkers.delete(client.sessionId);
    for (const other of this.walkers.values()) other.seen.delete(walker);
    walker.view?.dispose();
    this.state.players.delete(client.sessionId);
  }

  step(seconds: number): void {
    this.tick += 1;
    for (const walker of this.walkers.values()) {
      const { dx, dy } = walker;
      if (dx === 0 && dy === 0) continue;
      walker.x = within(walker.x + dx * seconds);
      walker.y = within(walker.y + dy * seconds);
      walker.player.x = walker.x;
      walker.player.y = walker.y;
    }
    if (options.radius !== null) this.look(options.radius);
  }

  /** A quarter of the views is brought up to date: a grid finds who may be near. */
  look(radius: number): void {
    const columns = Math.ceil(options.side / radius);
    const cells = new Map<number, Walker[]>();
    for (const walker of this.walkers.values()) {
      const cell = Math.floor(walker.y / radius) * columns + Math.floor(walker.x / radius);
      const inCell = cells.get(cell);
      if (inCell === undefined) cells.set(cell, [walker]);
      else inCell.push(walker);
    }
    let turn = this.tick;
    for (const walker of this.walkers.values()) {
      turn += 1;
      if (turn % lookEvery !== 0) continue;
      lookAround(walker, cells, columns, radius);
    }
  }
}

function lookAround(walker: Walker, cells: ReadonlyMap<number, readonly Walker[]>, columns: number, radius: number) {
  const { view, seen, x, y } = walker;
  if (view === undefined) return;
  const square = radius * radius;
  for (const other of seen) {
    if ((other.x - x) ** 2 + (other.y - y) ** 2 <= square) continue;
    seen.delete(other);
    view.remove(other.player);
  }
  const column = Math.floor(x / radius);
  const row = Math.floor(y / radius);
  for (let atRow = row - 1; atRow <= row + 1; atRow++) {
    for (let atColumn = Math.max(0, column - 1); atColumn <= Math.min(columns - 1, column + 1); atColumn++) {
      for (const other of cells.get(atRow * columns + atColumn) ?? []) {
        if ((other.x - x) ** 2 + (other.y - y) ** 2 > square || seen.has(other)) continue;
        seen.add(other);
        view.add(other.player);
      }
    }
  }
}

function within(value: number): number {
  return Math.min(options.side - 0.01, Math.max(0, value));
}

const transport = new WebSocketTransport();
const server = new Server({ transport, greet: false, gracefullyShutdown: false });
server.define('field', Field);
await server.listen(0, '127.0.0.1');
console.log(`listening ${(transport.server?.address() as AddressInfo).port}`);
process.once('SIGTERM', () => process.exit(0));
// The benchmark is gone.
process.stdin.resume().once('end', () => process.exit(0));
