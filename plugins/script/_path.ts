import { z } from 'roost/plugin';

/** A path inside a root, as `script.list` gives it. */
export const path = z.string().min(1).max(200);
