import { defineObject } from 'roost';

/** Who plays, or waits in the hall. It only has to be there: the table knows who sits where. */
export default defineObject({ look: '🪶' });
