import { z } from 'roost/plugin';

/** A name as somebody writes it. */
export const nameParam = z.string().min(1).max(64);
