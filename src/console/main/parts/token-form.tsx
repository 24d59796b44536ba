import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../lib/button.tsx";
import { CodeBlock } from "../../lib/code.tsx";
import { Failed } from "../../lib/empty.tsx";
import { Check, SelectField, TextField } from "../../lib/field.tsx";
import { moment } from "../../lib/format.ts";
import { useApp } from "../app.ts";
import type { NewToken, TokenOrder } from "../data/types.ts";
import { ShownOnce } from "./once.tsx";

const TTLS = [
  ["3600", "1 hour"],
  ["86400", "1 day"],
  ["604800", "7 days"],
  ["2592000", "30 days"],
] as const;

const listOf = (text: string): readonly string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Makes a token; `fixed` where it is clear for whom. */
export function TokenForm({
  userId = "",
  username = "",
  fixed = false,
}: {
  readonly userId?: string;
  readonly username?: string;
  readonly fixed?: boolean;
}): VNode {
  const { api } = useApp();
  const [user, setUser] = useState(userId);
  const [name, setName] = useState(fixed ? "" : username);
  const [ttl, setTtl] = useState("86400");
  const [rooms, setRooms] = useState("");
  const [workspaces, setWorkspaces] = useState("");
  const [admin, setAdmin] = useState(false);
  const [missing, setMissing] = useState<string | undefined>();
  const [failure, setFailure] = useState<string | null>(null);
  const [made, setMade] = useState<NewToken | null>(null);

  async function make(): Promise<void> {
    if (user.trim() === "") return setMissing("Whose token? Give the id that your backend knows.");
    const shown = name.trim() || (fixed ? username : "");
    const order: TokenOrder = {
      user_id: user.trim(),
      ttl_seconds: Number(ttl),
      ...(shown === "" ? {} : { username: shown }),
      ...(admin ? { admin } : {}),
      ...(rooms.trim() === "" ? {} : { rooms: listOf(rooms) }),
      ...(workspaces.trim() === "" ? {} : { workspaces: listOf(workspaces) }),
    };
    setFailure(null);
    try {
      setMade(await api.createToken(order));
    } catch (fault) {
      setMade(null);
      setFailure(fault instanceof Error ? fault.message : String(fault));
    }
  }

  if (made !== null) return <Made token={made} onAnother={() => setMade(null)} />;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      {fixed ? null : (
        <div class="halves">
          <TextField
            label="User id"
            value={user}
            error={missing}
            placeholder="101"
            onValue={(value) => {
              setUser(value);
              setMissing(undefined);
            }}
          />
          <TextField label="Name (optional)" value={name} onValue={setName} placeholder="alice" />
        </div>
      )}
      <SelectField label="Good for" value={ttl} onValue={setTtl} options={TTLS} />
      <div class="halves">
        <TextField
          label="Rooms (optional)"
          value={rooms}
          onValue={setRooms}
          placeholder="channel:1, channel:*"
          hint="What the token opens without a membership."
        />
        <TextField
          label="Workspaces (optional)"
          value={workspaces}
          onValue={setWorkspaces}
          placeholder="789"
          hint="Ids, with everything in them."
        />
      </div>
      <Check
        checked={admin}
        onValue={setAdmin}
        label={
          <>
            Admin <span class="dim">may act for everybody and opens this console</span>
          </>
        }
      />
      {failure === null ? null : <Failed what={failure} />}
      <div>
        <Button type="submit" kind="primary" icon="add">
          Make a token
        </Button>
      </div>
    </form>
  );
}

const Made = ({
  token: { token, expires_at },
  onAnother,
}: {
  readonly token: NewToken;
  readonly onAnother: () => void;
}): VNode => (
  <div class="stack">
    <ShownOnce secret={token} name="token" />
    <p class="dim">Good until {moment(expires_at)}. Listen with it:</p>
    <CodeBlock
      text={`wscat -c "${location.origin.replace(/^http/, "ws")}/api/v1/stream?token=${token}"`}
      label="Copy the command"
    />
    <div>
      <Button onClick={onAnother}>Make another</Button>
    </div>
  </div>
);
