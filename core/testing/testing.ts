/** What a designer's test imports: `import { simulate } from 'roost/testing'`. docs/testing.md explains it. */
export { Refused, ScriptError } from './errors.ts';
export { type NodeOptions, startNode, type TestNode } from './node.ts';
export { type ReplayResult, replay } from './replay.ts';
export type { Cost } from './sandbox.ts';
export type { PlainKind, SceneOptions, ZoneOf } from './scene.ts';
export type { Asked, Departure, Effect, Emitted, Said, Sent, Told } from './seen.ts';
export { simulate } from './simulate.ts';
export type { Costs, PlaceOptions, SimulateOptions, Simulation } from './simulation.ts';
export type { Fields, Thing, Waiting } from './things.ts';
