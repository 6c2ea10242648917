/**
 * The checksum of a view: the sum, modulo 2³², of a 32-bit hash of every object in it. A sum needs no order and is
 * kept per cell, so that a view's is a few additions. docs/protocol.md defines it for other languages.
 */

/** Hash of one object by its slot and its framed place; all four are integers. */
export function objectSum(slot: number, x: number, y: number, angle: number): number {
  let hash = Math.imul(slot, 0x9e3779b1);
  hash = mix(hash ^ x);
  hash = mix(hash ^ y);
  hash = mix(hash ^ angle);
  return hash >>> 0;
}

/** @source The first half of MurmurHash3's 32-bit finaliser; `Math.imul` multiplies modulo 2³². */
function mix(value: number): number {
  const product = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return product ^ (product >>> 13);
}
