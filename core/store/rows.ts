/** How objects, timers and lines are written as rows, and read back. */
import type { JsonObject } from '../contract/content.ts';
import type { Line, ObjectRow, TimerRow } from '../contract/link.ts';
import type { Row } from '../contract/ports.ts';
import type { Value } from './connection.ts';

export const objectColumns = [
  'id',
  'zone',
  'kind',
  'name',
  'look',
  'holder',
  'x',
  'y',
  'angle',
  'vx',
  'vy',
  'scale',
  'speed',
  'owner',
  'words',
  'physical',
  'shape',
  'scripts',
  'state',
  'own',
  'keep',
  'changed',
  'changed_tick',
  'tiled_id',
] as const;

export const timerColumns = ['zone', 'object', 'script', 'name', 'due', 'every', 'data'] as const;

export const lineColumns = ['zone', 'object', 'name', 'x', 'y', 'body', 'said_at', 'player'] as const;

export function fromObject(zone: string, row: ObjectRow): Value[] {
  return [
    row.id,
    zone,
    row.kind,
    row.name,
    row.look === null ? null : JSON.stringify(row.look),
    row.holder,
    row.x,
    row.y,
    row.angle,
    row.vx,
    row.vy,
    row.scale,
    row.speed,
    row.owner,
    JSON.stringify(row.words),
    row.physical ? 1 : 0,
    row.shape === null ? null : JSON.stringify(row.shape),
    JSON.stringify(row.scripts),
    JSON.stringify(row.state),
    JSON.stringify(row.own),
    JSON.stringify(row.keep),
    row.changed,
    row.changedTick,
    row.tiledId,
  ];
}

export function toObject(row: Row): ObjectRow {
  return {
    id: text(row.id),
    kind: text(row.kind),
    name: text(row.name),
    look: json<ObjectRow['look']>(row.look),
    holder: row.holder as string | null,
    x: Number(row.x),
    y: Number(row.y),
    angle: Number(row.angle),
    vx: Number(row.vx),
    vy: Number(row.vy),
    scale: Number(row.scale),
    speed: Number(row.speed),
    owner: row.owner as string | null,
    words: json<readonly string[]>(row.words),
    physical: row.physical === 1,
    shape: json<ObjectRow['shape']>(row.shape),
    scripts: json<readonly string[]>(row.scripts),
    state: json<JsonObject>(row.state),
    own: json<JsonObject>(row.own),
    keep: json<JsonObject>(row.keep),
    changed: Number(row.changed),
    changedTick: Number(row.changed_tick),
    tiledId: row.tiled_id === null ? null : Number(row.tiled_id),
  };
}

export function fromTimer(zone: string, timer: TimerRow): Value[] {
  return [zone, timer.object, timer.script, timer.name, timer.due, timer.every, JSON.stringify(timer.data)];
}

export function toTimer(row: Row): TimerRow {
  return {
    object: text(row.object),
    script: text(row.script),
    name: text(row.name),
    due: Number(row.due),
    every: row.every === null ? null : Number(row.every),
    data: json(row.data),
  };
}

export function fromLine(zone: string, line: Line): Value[] {
  return [zone, line.from, line.name, line.x, line.y, line.text, line.at, line.player ? 1 : 0];
}

export function toLine(row: Row): Line {
  return {
    from: text(row.object),
    name: text(row.name),
    x: Number(row.x),
    y: Number(row.y),
    text: text(row.body),
    at: Number(row.said_at),
    player: row.player === 1,
  };
}

function text(value: unknown): string {
  return String(value);
}

/** What we wrote ourselves; null stays null. */
export function json<T>(value: unknown): T {
  return (value === null ? null : JSON.parse(text(value))) as T;
}
