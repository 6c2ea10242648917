/** Objects as players may address them: what they cannot see does not exist. */
import { HostError, type JsonObject, type MethodInfo, type PlayerCaller, z } from 'roost/plugin';

/** An object's id: 16 hex digits. */
export const objectId = z.string().regex(/^[0-9a-f]{16}$/, 'wanted 16 hex digits');

/** Metres within which an object can be activated. */
export const activateReach = 2;
/** The mirror may be a tick old, and the zone decides exactly: what is this much too far is not asked of it. */
const slackMetres = 1;

/** The object in the caller's view. @throws HostError object.not-found, the same for hidden, elsewhere and nonexistent. */
export function findTarget(caller: PlayerCaller, id: string): JsonObject {
  const object = caller.sees(id) ? caller.zone.object(id) : undefined;
  if (!object) throw new HostError('object.not-found');
  return object;
}

/** @throws HostError object.unknown-method for what can be no method's name */
export function checkName(name: string): void {
  if (!/^[A-Za-z][\w-]*$/.test(name)) throw new HostError('object.unknown-method');
}

/** What the kind's own script says of a method. Undefined for a method of another script on the object: the zone knows. */
export function findMethod(caller: PlayerCaller, { kind }: JsonObject, name: string): MethodInfo | undefined {
  return caller.zone.methods(String(kind)).find((info) => info.name === name);
}

/** @throws HostError object.forbidden */
export function checkOwner(caller: PlayerCaller, object: JsonObject): void {
  if (object.owner !== caller.owner) throw new HostError('object.forbidden');
}

/** Edge to edge, as far as the mirror knows. @throws HostError object.too-far */
export function checkReach(caller: PlayerCaller, object: JsonObject, reach: number): void {
  const self = caller.zone.object(caller.character);
  // What is held is where its holder is; the zone knows better.
  if (!self || object.holder) return;
  const distance = Math.hypot(Number(object.x) - Number(self.x), Number(object.y) - Number(self.y));
  if (distance - radiusOf(object) - radiusOf(self) > reach + slackMetres) throw new HostError('object.too-far');
}

/** Radius of the circle around its shape, 0 without a body. */
function radiusOf({ body, scale }: JsonObject): number {
  if (typeof body !== 'object' || body === null) return 0;
  const shape = body as JsonObject;
  const size = typeof scale === 'number' ? scale : 1;
  if (typeof shape.radius === 'number') return shape.radius * size;
  if (typeof shape.width === 'number' && typeof shape.height === 'number')
    return (Math.hypot(shape.width, shape.height) / 2) * size;
  const points = Array.isArray(shape.points) ? (shape.points as readonly { x: number; y: number }[]) : [];
  return Math.max(0, ...points.map(({ x, y }) => Math.hypot(x, y))) * size;
}
