import type { VNode } from "preact";
import { CodeBlock } from "../../lib/code.tsx";
import { useCommands } from "../data/commands.ts";
import { Page } from "../parts/page.tsx";
import { TokenForm } from "../parts/token-form.tsx";

export const Tokens = (): VNode => (
  <Page title="Tokens" about="for users; your backend usually signs them itself" padded>
    <div class="narrow stack">
      <section class="card">
        <header>
          <h2>Make a token</h2>
        </header>
        <div class="inside">
          <TokenForm />
        </div>
      </section>
      <section class="stack tight">
        <FromTerminal />
        <p class="dim">
          A token cannot be taken back before it ends. Keep it short-lived; what it opens ends at once when a
          membership is removed.
        </p>
      </section>
    </div>
  </Page>
);

/** Nothing where everything is in memory: no other program finds the secret. */
function FromTerminal(): VNode | null {
  const command = useCommands()?.store("token 101 --name alice --ttl 24h") ?? null;
  return command === null ? null : (
    <>
      <h2>The same from a terminal</h2>
      <CodeBlock text={command} label="Copy the command" />
    </>
  );
}
