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
        ? "needs a user: --token TOKEN, or --secret SECRET to sign one"
        : "needs --user ID: the token does not tell who he is",
  },
  second: {
    is: ({ people }) => people.person("b") === null || people.token("b") === null,
    why: ({ people }) =>
      people.token("b") === null
        ? "needs a second user: --token-b TOKEN, or --secret SECRET to sign one"
        : "needs --user-b ID: the second token does not tell who he is",
  },
  secret: {
    is: ({ people }) => people.forged("expired") === null,
    why: () => "needs --secret SECRET, to sign a token that must be refused or runs out",
  },
  privileged: {
    is: ({ people }) => people.token("privileged") === null,
    why: () => "needs --key KEY of a service or an admin, or --secret SECRET",
  },
  forbidden: {
    is: ({ given }) => given.forbidden === undefined,
    why: () => "needs --forbidden ROOM, which the first user may not enter",
  },
};

/** Why a check cannot be run; undefined where it can. */
export const missingNeed = ({ needs }: Check, run: Run): string | undefined =>
  needs
    .map((need) => LACKS[need])
    .find(({ is }) => is(run))
    ?.why(run);
