/** The checks as data: complete, and each with a name and a source of its own. */
import { describe, expect, test } from "bun:test";
import { dialectNamed } from "../../src/app/dialects.ts";
import { People } from "../../src/cli/conform/people.ts";
import { sceneOf } from "../../src/cli/conform/scene.ts";
import type { Step } from "../../src/cli/conform/steps.ts";
import { SUITES } from "../../src/cli/conform/suites.ts";

const nobody = new People({ claim: "sub", claims: {}, usernames: {} });
const scene = sceneOf(nobody, {
  workspace: "789",
  workspaceNamed: false,
  room: "channel:1",
  roomNamed: false,
  forbidden: "790",
  connections: 5,
});

describe.each(SUITES.map((suite) => [suite.dialect, suite] as const))("%s", (name, suite) => {
  const steps: readonly Step[] = suite.checks.flatMap((check) => check.steps(scene));
  const dialect = dialectNamed(name);

  test("names are unique, sentences are said, and no check is without steps", () => {
    const names = suite.checks.map((check) => check.name);
    expect(new Set(names).size).toBe(names.length);
    for (const check of suite.checks) {
      expect(check.says).toMatch(/^[^.]{10,120}$/);
      expect(check.heading).not.toBe("");
      expect(check.steps(scene).length).toBeGreaterThan(0);
    }
  });

  test("every frame that the server sends is heard in a check", () => {
    const heard = new Set(
      steps.flatMap((step) => (step.do === "hear" ? step.items.map(({ schema }) => schema) : [])),
    );
    const frames = Object.keys(dialect?.frames.server ?? {});
    expect(frames.filter((frame) => !heard.has(frame))).toEqual(name === "native" ? ["resumed"] : []);
    // And no check names a schema that is not there.
    expect([...heard].filter((schema) => schema !== null && !frames.includes(schema))).toEqual([]);
  });

  test("every socket and every address of the dialect is in a check", () => {
    const paths = new Set(
      steps.flatMap((step) => {
        if (step.do === "open" || step.do === "refused") return [step.path];
        return step.do === "ask" || step.do === "make" ? [step.asked.path] : [];
      }),
    );
    const all = [...(dialect?.sockets ?? []), ...(dialect?.endpoints ?? [])].map(({ path }) => path);
    expect(all.filter((path) => !paths.has(path))).toEqual([]);
  });

  test("every frame that clients send is sent in a check", () => {
    const sent = new Set(
      steps.flatMap((step) => {
        if (step.do === "refresh") return ["refresh"];
        if (step.do !== "send") return [];
        const frame: unknown = typeof step.frame === "function" ? step.frame(new Map()) : step.frame;
        return typeof frame === "object" && frame !== null && "type" in frame ? [frame.type] : [];
      }),
    );
    const types = Object.keys(dialect?.frames.client ?? {}).filter((type) => type !== "focus");
    expect(types.filter((type) => !sent.has(type))).toEqual([]);
  });
});
