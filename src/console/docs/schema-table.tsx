import { fieldsOf, type Resolve, type Schema, typeText } from "./schema.ts";
import { Words } from "./words.tsx";

/** The fields of a frame, body or answer. */
export function SchemaTable({
  schema,
  resolve,
  label,
}: {
  readonly schema: Schema;
  readonly resolve: Resolve;
  readonly label: string;
}) {
  const fields = fieldsOf(schema, resolve);
  if (fields.length === 0) return <p class="dim">{typeText(schema, resolve)}</p>;
  const explains = fields.some(({ text }) => text !== "");
  return (
    <div class="scroll" role="group" aria-label={label} tabIndex={0}>
      <table class="fields">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            {explains && <th scope="col">Meaning</th>}
          </tr>
        </thead>
        <tbody>
          {fields.map(({ path, type, required, text }) => (
            <tr key={path}>
              <td>
                <code>{path}</code>
                {!required && <span class="dim"> optional</span>}
              </td>
              <td>{type}</td>
              {explains && (
                <td>
                  <Words text={text} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
