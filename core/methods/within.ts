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
export function within<T>(ms: number, work: Promise<T>, late: (error: unknown) => void): Promise<T> {
  // By hand: every call goes through here, and a race makes four promises of one.
  return new Promise<T>((resolve, reject) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      reject(new Overdue());
    }, ms);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (over) late(error);
        else reject(error);
      },
    );
  });
}
