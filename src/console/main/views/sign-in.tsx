import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../lib/button.tsx";
import { CodeBlock } from "../../lib/code.tsx";
import { Note } from "../../lib/empty.tsx";
import { TextField } from "../../lib/field.tsx";
import { Mark } from "../../lib/icon.tsx";
import { Announcements } from "../../lib/live.tsx";
import { ThemeSwitch } from "../../lib/theme.tsx";
import { useApp } from "../app.ts";
import { sessionOf } from "../data/session.ts";
import { useSetup } from "../data/setup.ts";

/** Takes a token or a service key; the one-time code of an address; or, on the machine of `dev`, nothing. */
export function SignIn(): VNode {
  const { api, sessions, themes } = useApp();
  const [proof, setProof] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const setup = useSetup(setError);

  return (
    <main class="sign-in">
      <form
        class="card sign-in-box"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>
          <Mark size={28} />
          Dragoman console
        </h1>
        {setup ? <p class="dim">Signing in…</p> : null}
        {sessions.reason.value === null ? null : (
          <Note kind="warn">
            <p>{sessions.reason.value}</p>
          </Note>
        )}
        <TextField
          label="Admin token or service key"
          type="password"
          value={proof}
          onValue={(value) => {
            setProof(value);
            setError(undefined);
          }}
          error={error}
          autofocus
          disabled={setup}
        />
        <Button type="submit" kind="primary" disabled={busy || setup}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
        <section class="stack tight">
          <p class="hint">An admin token, where the server runs:</p>
          <CodeBlock text="dragoman token admin --admin --ttl 12h" label="Copy the command" />
          <p class="hint">Or a service key:</p>
          <CodeBlock text="dragoman key create console" label="Copy the command" />
          <p class="hint">It is kept in this tab only, and forgotten when the tab is closed.</p>
        </section>
        <div class="corner">
          <ThemeSwitch themes={themes} />
        </div>
      </form>
      <Announcements />
    </main>
  );

  async function submit(): Promise<void> {
    const given = proof.trim().replace(/^bearer\s+/i, "");
    if (given === "") return setError("Paste a token or a service key.");
    setBusy(true);
    const outcome = await check(given);
    setBusy(false);
    if (outcome === null) sessions.start(sessionOf(given));
    else setError(outcome);
  }

  /** Why it does not open the console; null where it does. */
  async function check(given: string): Promise<string | null> {
    try {
      await api.check(given);
      return null;
    } catch (fault) {
      return fault instanceof Error ? fault.message : String(fault);
    }
  }
}
