import { EVENT_KINDS, type EventKind } from "../../core/event.ts";
import { Code } from "./code.tsx";
import type { DialectContract, Message } from "./contract.ts";
import { contractsOf, type Loaded } from "./loaded.ts";
import { heading } from "./markdown.tsx";
import { Pill, Waiting } from "./notes.tsx";
import { hrefOf } from "./route.ts";
import { sampleOf } from "./schema.ts";
import { messageId } from "./search-index.ts";
import { Words } from "./words.tsx";

const KINDS = Object.entries(EVENT_KINDS) as [EventKind, { durable: boolean; summary: string }][];

/** How one dialect tells a kind of event. */
interface Telling {
  readonly dialect: string;
  readonly message: Message;
}

/** Every kind of event, and how each dialect tells it. */
export function EventsPage({ loaded }: { readonly loaded: Loaded }) {
  const contracts = contractsOf(loaded);
  const dialects = contracts?.dialects ?? [];
  return (
    <div class="prose">
      <h1>Events</h1>
      <p>
        Everything that can happen, and the frame by which each dialect tells it. A dialect without a frame
        for a kind stays silent. Durable events are stored before they are told and have an event id; live
        ones are told and forgotten. <a href={hrefOf("guide", "concepts", "events")}>What an event is</a>
      </p>
      {contracts === null ? <Waiting loaded={loaded} /> : <Matrix dialects={dialects} />}
      {KINDS.map(([kind, { durable, summary }]) => (
        <section key={kind} class="frame" aria-labelledby={kind}>
          {heading(
            "h2",
            kind,
            <>
              <code>{kind}</code> <Lasting durable={durable} />
            </>,
            (id) => hrefOf("events", id),
          )}
          <p>
            <Words text={summary} />
          </p>
          <div class="tellings">
            {tellings(dialects, kind).map(({ dialect, message }) => (
              <Frame key={`${dialect} ${message.name}`} dialect={dialect} message={message} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

const Lasting = ({ durable }: { readonly durable: boolean }) =>
  durable ? <Pill kind="accent">durable</Pill> : <Pill>live</Pill>;

const tellings = (dialects: readonly DialectContract[], kind: EventKind): readonly Telling[] =>
  dialects.flatMap(({ name, messages }) =>
    messages.filter(({ kinds }) => kinds.includes(kind)).map((message) => ({ dialect: name, message })),
  );

/** The kinds down, the dialects across. */
function Matrix({ dialects }: { readonly dialects: readonly DialectContract[] }) {
  return (
    <div class="scroll" role="group" aria-label="Which dialect tells which event" tabIndex={0}>
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            {dialects.map(({ name }) => (
              <th key={name} scope="col">
                <a href={hrefOf("websocket", name)}>{name}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {KINDS.map(([kind]) => (
            <tr key={kind}>
              <th scope="row">
                <a href={hrefOf("events", kind)}>
                  <code>{kind}</code>
                </a>
              </th>
              {dialects.map((dialect) => {
                const told = tellings([dialect], kind).length > 0;
                return (
                  <td key={dialect.name}>
                    {told ? (
                      <span aria-label="told">●</span>
                    ) : (
                      <span class="dim" aria-label="silent">
                        –
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Frame({ dialect, message }: Telling) {
  const { examples, schema, resolve, name } = message;
  return (
    <div>
      <h3>
        <a href={hrefOf("websocket", dialect, messageId(message))}>{dialect}</a>
      </h3>
      <Code
        text={JSON.stringify(examples[0] ?? sampleOf(schema, resolve), null, 2)}
        language="json"
        label={`the frame ${name} of ${dialect}`}
      />
    </div>
  );
}
