import { Code } from "./code.tsx";
import type { Answer, Operation } from "./contract.ts";
import { contractsOf, type Loaded } from "./loaded.ts";
import { heading } from "./markdown.tsx";
import { Method, Missing, Pill, proofText, Waiting } from "./notes.tsx";
import { RequestForm } from "./request.tsx";
import { hrefOf } from "./route.ts";
import { SchemaTable } from "./schema-table.tsx";
import { Words } from "./words.tsx";

/** The endpoints of one tag, each with a form to run it. */
export function TagPage({
  name,
  loaded,
  part,
}: {
  readonly name: string;
  readonly loaded: Loaded;
  readonly part: string | null;
}) {
  const contracts = contractsOf(loaded);
  if (contracts === null)
    return (
      <div class="prose">
        <h1>{name}</h1>
        <Waiting loaded={loaded} />
      </div>
    );
  const tag = contracts.tags.find((candidate) => candidate.name === name);
  if (tag === undefined) return <Missing what="tag" name={name} />;
  return (
    <div class="prose">
      <h1>{name}</h1>
      {tag.description !== "" && (
        <p>
          <Words text={tag.description} />
        </p>
      )}
      {tag.operations.map((operation) => (
        <OperationSection
          key={operation.id}
          operation={operation}
          hrefOfPart={(id) => hrefOf("http", name, id)}
          open={operation.id === part}
        />
      ))}
    </div>
  );
}

function OperationSection({
  operation,
  hrefOfPart,
  open,
}: {
  readonly operation: Operation;
  readonly hrefOfPart: (id: string) => string;
  readonly open: boolean;
}) {
  const { id, method, path, summary, description, proof, parameters, body, answers, resolve } = operation;
  return (
    <section class="operation" aria-labelledby={id}>
      {heading("h2", id, <Words text={summary.replace(/\.$/, "")} />, hrefOfPart)}
      <p class="request-line">
        <Method name={method} /> <code>{path}</code>
      </p>
      {description !== "" && description !== summary && (
        <p>
          <Words text={description} />
        </p>
      )}
      {proof !== "" && <p class="dim">Needs {proofText(proof)}.</p>}
      {parameters.length > 0 && <Parameters operation={operation} />}
      {body !== null && (
        <>
          <h3>Body</h3>
          <SchemaTable schema={body.schema} resolve={resolve} label={`Body of ${method} ${path}`} />
        </>
      )}
      <Answers answers={answers} operation={operation} />
      <RequestForm operation={operation} open={open} />
    </section>
  );
}

function Parameters({ operation: { parameters, method, path } }: { readonly operation: Operation }) {
  return (
    <>
      <h3>Parameters</h3>
      <div class="scroll" role="group" aria-label={`Parameters of ${method} ${path}`} tabIndex={0}>
        <table class="fields">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">In</th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map(({ name, in: place, required, description, schema }) => (
              <tr key={`${place} ${name}`}>
                <td>
                  <code>{name}</code>
                  {!required && <span class="dim"> optional</span>}
                </td>
                <td>{place}</td>
                <td>
                  <Words text={description === "" ? (schema.description ?? "") : description} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Answers({
  answers,
  operation,
}: {
  readonly answers: readonly Answer[];
  readonly operation: Operation;
}) {
  const good = answers.filter(({ status }) => status.startsWith("2"));
  const others = answers.filter(({ status }) => !status.startsWith("2"));
  return (
    <>
      {good.map(({ status, description, schema, example }) => (
        <div key={status}>
          <h3>
            Answer <Pill kind="ok">{status}</Pill>
          </h3>
          {schema === null ? (
            <p class="dim">{description === "" ? "No body." : description}</p>
          ) : (
            <SchemaTable
              schema={schema}
              resolve={operation.resolve}
              label={`Answer ${status} of ${operation.method} ${operation.path}`}
            />
          )}
          {example !== undefined && (
            <Code text={JSON.stringify(example, null, 2)} language="json" label="the example" />
          )}
        </div>
      ))}
      {others.length > 0 && (
        <p class="dim">
          Also{" "}
          {others.map(({ status, description }, at) => (
            <span key={status}>
              {at > 0 && " · "}
              <a href={hrefOf("guide", "errors")}>{status}</a> {description.replace(/\.$/, "")}
            </span>
          ))}
        </p>
      )}
    </>
  );
}
