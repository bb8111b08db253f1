/** Work for which processes are started: no more of it at a time than a machine does well. */
import { bulkhead } from "cockatiel";

/** Does the work for all items, at most `width` at a time; the results keep the items' order. */
export function inTurns<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const turns = bulkhead(width, Number.POSITIVE_INFINITY);
  return Promise.all(items.map((item) => turns.execute(() => work(item))));
}
