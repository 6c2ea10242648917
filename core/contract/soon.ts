/** What is there at once or later. Most methods answer at once, and a promise for each step costs more than they do. */
export type Soon<T> = T | Promise<T>;

/** What `done` makes of what `work` gives, or `failed` of what it throws: at once when it is at once. */
export function settle<T, Done, Failed>(
  work: () => Soon<T>,
  done: (value: T) => Done,
  failed: (error: unknown) => Failed,
): Soon<Done | Failed> {
  let given: Soon<T>;
  try {
    given = work();
  } catch (error) {
    return failed(error);
  }
  return given instanceof Promise ? given.then(done, failed) : done(given);
}

/** Goes on with a value: at once when it is at once. */
export function goOn<T, Next>(value: Soon<T>, next: (value: T) => Soon<Next>): Soon<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** A promise of whatever is like one, and everything else untouched. */
export function adopt(value: unknown): unknown {
  const isLike = typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
  return isLike ? Promise.resolve(value) : value;
}
