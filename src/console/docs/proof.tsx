import { createContext } from "preact";
import { useContext, useState } from "preact/hooks";
import { Button } from "../lib/button.tsx";
import { TextField } from "../lib/field.tsx";

/** Where the token for trying things is kept: in this tab, until it is closed. */
const KEY = "dragoman-docs-proof";

interface Proof {
  /** A token or a service key; empty where there is none. */
  readonly value: string;
  readonly set: (value: string) => void;
}

const ProofContext = createContext<Proof>({ value: "", set: () => undefined });
export const ProofProvider = ProofContext.Provider;
export const useProof = (): Proof => useContext(ProofContext);

/** The state behind the provider. */
export function useStoredProof(): Proof {
  const [value, setValue] = useState(stored);
  const set = (next: string): void => {
    const clean = next.trim().replace(/^bearer\s+/i, "");
    keep(clean);
    setValue(clean);
  };
  return { value, set };
}

/** Three parts are a token; anything else is a service key. */
export const isToken = (value: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(value);

/** Where a token is pasted, or asked for from a server on this machine. */
export function ProofField() {
  const { value, set } = useProof();
  const [problem, setProblem] = useState<string>();
  const ask = (): void => {
    setProblem(undefined);
    adminToken().then(set, (fault: unknown) =>
      setProblem(fault instanceof Error ? fault.message : String(fault)),
    );
  };
  return (
    <div class="proof">
      <TextField
        label="Token or service key"
        type="password"
        placeholder="eyJ… or dgk_…"
        value={value}
        onValue={set}
        error={problem}
        {...(value === "" ? { hint: HINT } : {})}
      />
      {value !== "" && <Button onClick={() => set("")}>Forget it</Button>}
      {value === "" && isLoopback() && <Button onClick={ask}>Use an admin token</Button>}
    </div>
  );
}

const HINT = (
  <>
    <code>dragoman token 101 --name alice</code> prints one. It is kept in this tab until you close it.
  </>
);

const isLoopback = (): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

/** `dragoman dev` gives one to whoever is on its machine; `serve` wants the code of the link that it printed. */
async function adminToken(): Promise<string> {
  const response = await fetch("/api/v1/admin/setup", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const answer = (await response.json()) as { readonly token?: string; readonly detail?: string };
  if (answer.token !== undefined) return answer.token;
  throw new Error(answer.detail ?? `The server answered ${response.status}.`);
}

function stored(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    // Storage may be forbidden: then it is kept as long as the page.
    return "";
  }
}

function keep(value: string): void {
  try {
    sessionStorage.setItem(KEY, value);
  } catch {
    // As above.
  }
}
