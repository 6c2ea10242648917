import { HostError } from '../contract/errors.ts';

/** What took too long here; a `call.timeout` of something it called is another error. */
export class Overdue extends HostError {
  constructor() {
    super('call.timeout');
  }
}

/**
 * The outcome of `work`, or `call.timeout` after `ms`. What comes later is nobody's, save an error, which goes to `late`.
 */
export async function within<T>(ms: number, work: Promise<T>, late: (error: unknown) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      over = true;
      reject(new Overdue());
    }, ms);
  });
  work.catch((error: unknown) => {
    if (over) late(error);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
