import { useEffect, useState } from "preact/hooks";
import { type DialectContract, readAsyncApi, readOpenApi, type Tag } from "./contract.ts";

/** The reference: null while it is on its way, a text where it cannot be had. */
export interface Contracts {
  readonly tags: readonly Tag[];
  readonly dialects: readonly DialectContract[];
}
export type Loaded = Contracts | string | null;

/** Both contracts of the server that the page is from. */
export function useContracts(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    Promise.all([fetched("/openapi.json"), fetched("/asyncapi.json")]).then(
      ([open, async]) => setLoaded({ tags: readOpenApi(open), dialects: readAsyncApi(async) }),
      (fault: unknown) => setLoaded(fault instanceof Error ? fault.message : String(fault)),
    );
  }, []);
  return loaded;
}

async function fetched(path: string): Promise<unknown> {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

export const contractsOf = (loaded: Loaded): Contracts | null => (typeof loaded === "object" ? loaded : null);
