import type { Operation, OperationExample } from "../core/endpoint.ts";

/** The examples of an operation with their names, which tie their parts together. */
export const namedExamples = (operation: Operation): readonly (readonly [string, OperationExample])[] =>
  Object.entries(operation.examples ?? {});

/** One side of the examples, by their names; nothing where none has it. */
export function examplesOf(operation: Operation, side: "body" | "answer"): { examples?: object } {
  const examples = namedExamples(operation)
    .filter(([, example]) => example[side] !== undefined)
    .map(([name, example]) => [
      name,
      { summary: example.summary ?? operation.summary, value: example[side] },
    ]);
  return examples.length === 0 ? {} : { examples: Object.fromEntries(examples) };
}
