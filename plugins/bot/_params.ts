import { z } from 'roost/plugin';

/** The name of a room; the plugin `room` says which ones there may be. */
export const roomName = z.string().min(1).max(64);
