import { createContext } from "preact";
import { useContext, useState } from "preact/hooks";

/** Where the token for trying things is kept: in this tab, until it is closed. */
const KEY = "dragoman.docs.token";

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
  const [value, setValue] = useState(() => sessionStorage.getItem(KEY) ?? "");
  const set = (next: string): void => {
    const clean = next.trim().replace(/^bearer\s+/i, "");
    sessionStorage.setItem(KEY, clean);
    setValue(clean);
  };
  return { value, set };
}

/** Three parts are a token; anything else is a service key. */
export const isToken = (value: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(value);

/** Where a token is pasted, or asked for from a server on this machine. */
export function ProofField() {
  const { value, set } = useProof();
  const [problem, setProblem] = useState("");
  const ask = (): void => {
    setProblem("");
    adminToken().then(set, (fault: unknown) => setProblem(String(fault instanceof Error ? fault.message : fault)));
  };
  return (
    <div class="proof">
      <label>
        <span>Token or service key</span>
        <input
          type="password"
          name="proof"
          autocomplete="off"
          spellcheck={false}
          value={value}
          placeholder="eyJ… or dgk_…"
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      </label>
      {value === "" ? (
        <>
          <p class="dim">
            <code>dragoman token 101 --name alice</code> prints one; <code>dragoman dev</code> shows two.
          </p>
          {isLoopback() && (
            <button type="button" onClick={ask}>
              Take an admin token of this server
            </button>
          )}
        </>
      ) : (
        <button type="button" onClick={() => set("")}>
          Forget it
        </button>
      )}
      <p class="bad" role="status">
        {problem}
      </p>
    </div>
  );
}

const isLoopback = (): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

/** `dragoman dev` gives one to whoever is on its machine; a served server wants the code of its link. */
async function adminToken(): Promise<string> {
  const response = await fetch("/api/v1/admin/setup", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const answer = (await response.json()) as { readonly token?: string; readonly detail?: string };
  if (answer.token !== undefined) return answer.token;
  throw new Error(`${answer.detail ?? `The server answered ${response.status}.`}`);
}
