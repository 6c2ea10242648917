/** Shapes of planck: made, and laid over each other. */
import {
  Box,
  Circle,
  Distance,
  DistanceInput,
  DistanceOutput,
  Polygon,
  type Shape,
  SimplexCache,
  type Transform,
} from 'planck-js';
import type { BodySpec } from '../../contract/content.ts';

/** Metres by which shapes may overlap without touching: planck rests bodies that deep in each other. */
export const SLACK = 0.005;

export function toShape(spec: BodySpec): Shape {
  switch (spec.shape) {
    case 'circle':
      return new Circle(spec.radius);
    case 'box':
      return new Box(spec.width / 2, spec.height / 2);
    case 'polygon':
      return new Polygon(spec.points.map(({ x, y }) => ({ x, y })));
  }
}

/** Whether two shapes overlap by more than planck's own slack. Skins of polygons do not count. */
export function overlap(a: Shape, atA: Transform, b: Shape, atB: Transform): boolean {
  const input = new DistanceInput();
  input.proxyA.set(a, 0);
  input.proxyB.set(b, 0);
  input.transformA.setTransform(atA);
  input.transformB.setTransform(atB);
  const output = new DistanceOutput();
  Distance(output, new SimplexCache(), input);
  return output.distance < Math.max(roundness(a) + roundness(b) - SLACK, 1e-6);
}

function roundness(shape: Shape): number {
  return shape.getType() === 'circle' ? shape.getRadius() : 0;
}

/** The box round a shape at a place. */
export function boxOf(shape: Shape, transform: Transform) {
  const box = { lowerBound: { x: 0, y: 0 }, upperBound: { x: 0, y: 0 } };
  shape.computeAABB(box, transform, 0);
  return box;
}
