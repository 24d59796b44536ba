import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Button, IconButton } from "../lib/button.tsx";
import { classes } from "../lib/classes.ts";
import { CodeBlock } from "../lib/code.tsx";
import { Note } from "../lib/empty.tsx";
import { isLoopback } from "./demo.ts";
import type { Desk } from "./desk.ts";
import { expiryText } from "./times.ts";
import { type Token, isExpired } from "./tokens.ts";

/** The tokens and keys that are at hand, and a place for one more. */
export function TokenBar({ desk }: { readonly desk: Desk }): VNode {
  const tokens = desk.tokens.value;
  return (
    <section class="card tokens" aria-labelledby="tokens">
      <div class="row wrap">
        <h2 id="tokens">Who speaks</h2>
        {tokens.length === 0 ? null : (
          <ul class="row wrap" aria-label="Tokens and keys">
            {tokens.map((token) => (
              <Chip key={token.text} token={token} desk={desk} />
            ))}
          </ul>
        )}
        <span class="grow" />
        {hasGood(desk) ? null : <Demo desk={desk} />}
        <Paste desk={desk} />
      </div>
      {tokens.length === 0 ? <NoToken /> : null}
      {desk.demoFault.value === "" ? null : <Note kind="bad">{desk.demoFault.value}</Note>}
    </section>
  );
}

const hasGood = ({ people }: Desk): boolean => people.value.some((token) => !isExpired(token, Date.now()));

function Chip({ token, desk }: { readonly token: Token; readonly desk: Desk }): VNode {
  const now = Date.now();
  const expiry = token.kind === "key" ? "speaks over HTTP only" : expiryText(token, now);
  return (
    <li class={classes("chip", isExpired(token, now) && "bad")}>
      <button
        type="button"
        title={`Speak as ${token.label} wherever nothing is connected`}
        onClick={() => desk.speakAs(token)}
      >
        <strong>{token.label}</strong>
        {token.admin && token.kind === "token" && token.label !== "admin" ? " admin" : ""}{" "}
        <span class="dim">{expiry}</span>
      </button>
      <IconButton
        size="small"
        kind="quiet"
        icon="close"
        label={`Forget ${token.label}`}
        onClick={() => desk.forget(token)}
      />
    </li>
  );
}

/** A server for trying gives its page tokens; every other one answers why not. */
const Demo = ({ desk }: { readonly desk: Desk }): VNode | null =>
  isLoopback(location.hostname) ? (
    <Button onClick={() => void desk.useDemo()} icon="users">
      Demo users
    </Button>
  ) : null;

function Paste({ desk }: { readonly desk: Desk }): VNode {
  const text = useSignal("");
  return (
    <form
      class="row paste"
      onSubmit={(event) => {
        event.preventDefault();
        if (desk.addToken(text.value)) text.value = "";
      }}
    >
      <input
        class="input mono"
        aria-label="Token or service key"
        placeholder="Paste a token or key"
        autocomplete="off"
        spellcheck={false}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <Button type="submit">Add</Button>
    </form>
  );
}

const NoToken = (): VNode => (
  <div class="first">
    <p class="dim">
      A socket wants a token. It stays in this tab, and is sent to this server only. In the folder of the
      server, this makes one:
    </p>
    <CodeBlock text="dragoman token 101 --name alice --ttl 24h" label="Copy the command" />
  </div>
);
