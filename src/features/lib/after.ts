import type { MaybePromise } from "../../core/command.ts";

/** Goes on with a value, at once where it is there: hot commands never wait for a turn of the loop. */
export function after<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
