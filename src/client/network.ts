/** What a browser knows of its network; elsewhere nothing is known, and tries tell. */
export const isOffline = (): boolean =>
  (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false;

/** Calls back when the device loses or finds its network; the answer ends that. */
export function onNetwork(listener: (online: boolean) => void): () => void {
  const target = globalThis as Partial<EventTarget>;
  const online = (): void => listener(true);
  const offline = (): void => listener(false);
  target.addEventListener?.("online", online);
  target.addEventListener?.("offline", offline);
  return () => {
    target.removeEventListener?.("online", online);
    target.removeEventListener?.("offline", offline);
  };
}
