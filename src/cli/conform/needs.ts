import type { Check, Need } from "./check.ts";
import type { Run } from "./run.ts";

interface Lack {
  readonly is: (run: Run) => boolean;
  readonly why: (run: Run) => string;
}

const LACKS: Readonly<Record<Need, Lack>> = {
  user: {
    is: ({ people }) => people.person("a") === null || people.token("a") === null,
    why: ({ people }) =>
      people.token("a") === null
        ? "needs --token or --secret"
        : "needs --user: the token does not tell the id",
  },
  second: {
    is: ({ people }) => people.person("b") === null || people.token("b") === null,
    why: ({ people }) =>
      people.token("b") === null
        ? "needs --token-b or --secret"
        : "needs --user-b: the token does not tell the id",
  },
  secret: {
    is: ({ people }) => people.forged("expired") === null,
    why: () => "needs --secret",
  },
  privileged: {
    is: ({ people }) => people.token("privileged") === null,
    why: () => "needs --key or --secret",
  },
  forbidden: {
    is: ({ given }) => given.forbidden === undefined,
    why: () => "needs --forbidden",
  },
};

/** Why a check cannot be run; undefined where it can. */
export const missingNeed = ({ needs }: Check, run: Run): string | undefined =>
  needs
    .map((need) => LACKS[need])
    .find(({ is }) => is(run))
    ?.why(run);
