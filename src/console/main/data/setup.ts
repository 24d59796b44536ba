import { useEffect, useRef, useState } from "preact/hooks";
import { type App, useApp } from "../app.ts";
import { sessionOf } from "./session.ts";

/** Names of this machine: where `dev` lets everybody in. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Signs in without a question: by the one-time code of an address, or, on the machine where `dev`
 * runs, by being there. True while that is tried; `onFault` hears why a code did not do.
 */
export function useSetup(onFault: (why: string) => void): boolean {
  const app = useApp();
  const code = app.router.code.value;
  const [trying, setTrying] = useState(code !== null || mayTry(app));
  const tried = useRef(false);

  useEffect(() => {
    // Without a code once only: a code that is taken out of the address is no reason to ask again.
    if (code === null && (tried.current || !mayTry(app))) return;
    tried.current = true;
    setTrying(true);
    app.router.code.value = null;
    void exchange(app, code).then((fault) => {
      if (fault === null) return;
      setTrying(false);
      if (code !== null) onFault(fault);
    });
  }, [code]);
  return trying;
}

/** Who was signed out, by wish or by the server, is asked. */
const mayTry = ({ sessions }: App): boolean =>
  LOOPBACK.includes(location.hostname) && !sessions.left.peek() && sessions.reason.peek() === null;

async function exchange({ api, sessions }: App, code: string | null): Promise<string | null> {
  try {
    const { token, user, expires_at } = await api.setUp(code);
    sessions.start({ ...sessionOf(token), name: user.username, expiresAt: expires_at });
    return null;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
