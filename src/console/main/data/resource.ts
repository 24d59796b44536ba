import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../app.ts";
import { ApiError } from "./http.ts";
import type { Page } from "./types.ts";

export interface Resource<T> {
  /** What was answered last; null until then. It stays while later questions fail. */
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly reload: () => void;
}

interface Known<T> {
  readonly key: string;
  readonly data: T | null;
  readonly error: ApiError | null;
}

/**
 * Asks once and, with `everyMs`, again and again while the page is seen and the server is there.
 * Another `key` is another question: what was known is forgotten. Without `everyMs` from some time on,
 * it is not asked again.
 */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { everyMs }: { readonly everyMs?: number } = {},
): Resource<T> {
  const { link } = useApp();
  const [known, setKnown] = useState<Known<T>>({ key, data: null, error: null });
  const latest = useRef(load);
  latest.current = load;
  const every = useRef(everyMs);
  every.current = everyMs;
  const again = useRef(() => {});

  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running = false;
    let queued = false;
    let gone = false;

    async function run(): Promise<void> {
      clearTimeout(timer);
      queued = running;
      if (running) return;
      running = true;
      try {
        gone = false;
        const data = await latest.current(ending.signal);
        if (!ending.signal.aborted) setKnown({ key, data, error: null });
      } catch (fault) {
        // What is gone stays gone: asking again is noise.
        gone = fault instanceof ApiError && fault.status === 404;
        if (!ending.signal.aborted)
          setKnown((before) => ({
            key,
            data: before.key === key ? before.data : null,
            error: asError(fault),
          }));
      }
      running = false;
      if (ending.signal.aborted) return;
      if (queued) return run();
      if (every.current !== undefined && !gone)
        timer = setTimeout(() => {
          if (every.current !== undefined && !document.hidden && link.state.peek().up) void run();
        }, every.current);
    }

    const seen = (): void => {
      if (every.current !== undefined && !document.hidden && !gone) void run();
    };
    document.addEventListener("visibilitychange", seen);
    let returns = link.returns.peek();
    const stop = effect(() => {
      if (link.returns.value === returns) return;
      returns = link.returns.value;
      void run();
    });
    again.current = () => void run();
    void run();
    return () => {
      ending.abort();
      clearTimeout(timer);
      stop();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [key, link]);

  const fits = known.key === key;
  return {
    data: fits ? known.data : null,
    error: fits ? known.error : null,
    reload: () => again.current(),
  };
}

const asError = (fault: unknown): ApiError =>
  fault instanceof ApiError ? fault : new ApiError(0, `The console failed: ${String(fault)}`);

export interface Pages<T> extends Resource<readonly T[]> {
  /** Shows a page more; null where all is shown. */
  readonly more: (() => void) | null;
}

/** The same of a collection, newest first: as many pages as were asked for. */
export function usePages<T>(
  key: string,
  load: (page: { readonly cursor?: string; readonly limit: number }, signal: AbortSignal) => Promise<Page<T>>,
  { limit = 100, ...options }: { readonly everyMs?: number; readonly limit?: number } = {},
): Pages<T> {
  const [wanted, setWanted] = useState({ key, pages: 1 });
  const pages = wanted.key === key ? wanted.pages : 1;
  const shown = useRef(pages);
  const { data, error, reload } = useResource<Page<T>>(
    key,
    async (signal) => {
      const first = await load({ limit }, signal);
      let { next } = first;
      const items = [...first.items];
      for (let page = 1; page < shown.current && next !== null; page++) {
        const following: Page<T> = await load({ limit, cursor: next }, signal);
        items.push(...following.items);
        ({ next } = following);
      }
      return { items, next };
    },
    options,
  );
  useEffect(() => {
    const grows = pages > shown.current;
    shown.current = pages;
    if (grows) reload();
  }, [pages]);
  return {
    data: data?.items ?? null,
    error,
    reload,
    more: data === null || data.next === null ? null : () => setWanted({ key, pages: pages + 1 }),
  };
}
