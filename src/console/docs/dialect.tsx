import { Code } from "./code.tsx";
import type { DialectContract, Message, Operation } from "./contract.ts";
import { DIALECT_GUIDES } from "./guides.ts";
import { type Contracts, contractsOf, type Loaded } from "./loaded.ts";
import { heading, Markdown } from "./markdown.tsx";
import { DIALECT_PARTS } from "./menu.tsx";
import { Method, Missing, Pill, proofText, Waiting } from "./notes.tsx";
import { hrefOf } from "./route.ts";
import { SchemaTable } from "./schema-table.tsx";
import { messageId } from "./search-index.ts";
import { sampleOf } from "./schema.ts";
import { SocketPane } from "./socket.tsx";
import { Words } from "./words.tsx";

/** A dialect: its guide, its sockets, what is said and heard, its endpoints. */
export function DialectPage({ name, loaded }: { readonly name: string; readonly loaded: Loaded }) {
  const guide = DIALECT_GUIDES[name];
  if (guide === undefined) return <Missing what="dialect" name={name} />;
  const contracts = contractsOf(loaded);
  const dialect = contracts?.dialects.find((candidate) => candidate.name === name);
  return (
    <>
      <Markdown content={guide} hrefOfHeading={(id) => hrefOf("websocket", name, id)} />
      {contracts === null ? (
        <Waiting loaded={loaded} />
      ) : (
        dialect !== undefined && <Reference dialect={dialect} contracts={contracts} />
      )}
    </>
  );
}

const [SOCKETS, TRY, SENT, HEARD] = DIALECT_PARTS;

function Reference({
  dialect,
  contracts,
}: {
  readonly dialect: DialectContract;
  readonly contracts: Contracts;
}) {
  const hrefOfPart = (id: string): string => hrefOf("websocket", dialect.name, id);
  const title = ({ id, title: text }: { readonly id: string; readonly title: string }) =>
    heading("h2", id, text, hrefOfPart);
  const sent = dialect.messages.filter(({ from }) => from === "client");
  const heard = dialect.messages.filter(({ from }) => from === "server");
  const endpoints = contracts.tags.flatMap(({ operations }) =>
    operations.filter((operation) => operation.dialect === dialect.name),
  );
  return (
    <div class="prose">
      {title(SOCKETS)}
      <Sockets dialect={dialect} />
      {endpoints.length > 0 && <Endpoints endpoints={endpoints} />}
      {title(TRY)}
      <SocketPane dialect={dialect} />
      {title(SENT)}
      {sent.length === 0 ? (
        <p>Nothing: what clients send is ignored.</p>
      ) : (
        sent.map((message) => <Frame key={message.name} message={message} hrefOfPart={hrefOfPart} />)
      )}
      {title(HEARD)}
      {heard.map((message) => (
        <Frame key={message.name} message={message} hrefOfPart={hrefOfPart} />
      ))}
    </div>
  );
}

function Sockets({ dialect }: { readonly dialect: DialectContract }) {
  return (
    <div class="scroll" role="group" aria-label={`Sockets of ${dialect.name}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Needs</th>
            <th scope="col">One hears</th>
          </tr>
        </thead>
        <tbody>
          {dialect.sockets.map(({ name, path, proof, summary, personal, announcements }) => (
            <tr key={name}>
              <td>
                <code>{path}</code>
              </td>
              <td>{proofText(proof)}</td>
              <td>
                <Words text={summary} /> {personal && <Pill>own notifications</Pill>}{" "}
                {announcements && <Pill>announcements</Pill>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Endpoints({ endpoints }: { readonly endpoints: readonly Operation[] }) {
  return (
    <>
      <h3>Over HTTP</h3>
      <ul class="plain">
        {endpoints.map(({ id, method, path, tag, summary }) => (
          <li key={id}>
            <a href={hrefOf("http", tag, id)}>
              <Method name={method} /> <code>{path}</code>
            </a>{" "}
            <span class="dim">
              <Words text={summary} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Frame({
  message,
  hrefOfPart,
}: {
  readonly message: Message;
  readonly hrefOfPart: (id: string) => string;
}) {
  const { name, durable, summary, examples, schema, resolve } = message;
  const shown = examples.length > 0 ? examples : [sampleOf(schema, resolve)];
  return (
    <section class="frame" aria-labelledby={messageId(message)}>
      {heading(
        "h3",
        messageId(message),
        <>
          <code>{name}</code> {durable && <Pill kind="accent">durable</Pill>}
        </>,
        hrefOfPart,
      )}
      {summary !== "" && (
        <p>
          <Words text={summary} />
        </p>
      )}
      {shown.map((example, at) => (
        <Code
          key={at}
          text={JSON.stringify(example, null, 2)}
          language="json"
          label={`the example of ${name}`}
        />
      ))}
      <details>
        <summary>Fields</summary>
        <SchemaTable schema={schema} resolve={resolve} label={`Fields of ${name}`} />
      </details>
    </section>
  );
}
