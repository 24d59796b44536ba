import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { timestamp } from "../../core/ids.ts";

const tag = "Admin";

const counts = z.array(z.int());
const means = z.array(z.number().nullable());

const series = z
  .object({
    step_seconds: z.literal(1),
    until: timestamp.meta({ description: "The end of the last second." }),
    connections: counts,
    frames_in: counts,
    frames_out: counts,
    latency_ms: means.meta({
      description:
        "Mean time from a frame, or a request that changes something, to its answer; of many frames about fifty a second are timed. Null where there was none.",
    }),
    commit_ms: means.meta({ description: "Mean time of a commit; null where there was none." }),
  })
  .meta({ description: "One value a second, oldest first." });

const stats = z
  .object({
    version: z.string(),
    bun: z.string(),
    platform: z.string().meta({ description: "linux-x64." }),
    memory_bytes: z.int(),
    started_at: timestamp,
    uptime_seconds: z.int(),
    now: timestamp,
    connections: z.int(),
    users: z.int(),
    rooms: z.int().meta({ description: "Rooms that somebody is in." }),
    by_dialect: z.record(z.string(), z.int()),
    last_event_id: z.int(),
    queued_writes: z.int(),
    totals: z
      .object({
        opened: z.int(),
        closed: z.int(),
        frames_in: z.int(),
        frames_out: z.int(),
        published: z.int().meta({ description: "Frames handed to the fan-out, whatever the crowd." }),
        commits: z.int(),
        writes: z.int(),
        slow_closes: z.int(),
        refusals: z.int(),
      })
      .meta({ description: "Since the start." }),
    series,
    warnings: z
      .array(
        z.object({ at: timestamp, level: z.enum(["warn", "error"]), code: z.string(), message: z.string() }),
      )
      .meta({ description: "The last 50 warnings and errors of the log, newest first." }),
    first_event_id: z.int().meta({ description: "The oldest event that is kept; last + 1 where none is." }),
    store: z.object({ bytes: z.int(), wal_bytes: z.int() }),
  })
  .meta({ title: "Stats" });

const settingValue = z.union([z.string(), z.number(), z.array(z.string())]).nullable();

const setting = z
  .object({
    name: z.string(),
    value: settingValue.meta({ description: "Null where it is unset, or secret." }),
    source: z.string().meta({
      description:
        "flag, env, file:<path>, toml:<path>:<line>, default; program where a program embeds the server.",
    }),
    default: settingValue,
    help: z.string(),
    secret: z.boolean().meta({ description: "Its value is not shown." }),
    set: z.boolean(),
  })
  .meta({ title: "Setting" });

const commandLine = z
  .object({
    program: z.string(),
    store: z.string().nullable().meta({
      description: "Behind commands that open the data folder; null where everything is in memory.",
    }),
    server: z.string().meta({ description: "Behind commands that speak to the running server." }),
  })
  .nullable()
  .meta({
    description:
      "How the command line is typed on the server's machine; null where a program embeds the server.",
  });

const STATS = {
  version: "0.1.0",
  bun: "1.4.5",
  platform: "linux-x64",
  memory_bytes: 85_344_256,
  started_at: "2026-01-31T09:00:00.000Z",
  uptime_seconds: 61,
  now: "2026-01-31T09:01:01.000Z",
  connections: 1,
  users: 1,
  rooms: 1,
  by_dialect: { onetask: 0, "onetask-v1": 0, chat: 1, diary: 0, notifier: 0, native: 0 },
  last_event_id: 1_769_850_000_010,
  queued_writes: 0,
  totals: {
    opened: 1,
    closed: 0,
    frames_in: 1,
    frames_out: 3,
    published: 1,
    commits: 10,
    writes: 11,
    slow_closes: 0,
    refusals: 0,
  },
  series: {
    step_seconds: 1,
    until: "2026-01-31T09:01:01.000Z",
    connections: [0, 1, 1],
    frames_in: [0, 1, 0],
    frames_out: [0, 3, 0],
    latency_ms: [null, 0.4, null],
    commit_ms: [0.9, null, null],
  },
  warnings: [],
  first_event_id: 1_769_850_000_001,
  store: { bytes: 188_416, wal_bytes: 0 },
};

const SETTINGS = {
  groups: [
    {
      title: "Server",
      settings: [
        {
          name: "PORT",
          value: 8000,
          source: "default",
          default: 8000,
          help: "Port to listen on; 0 takes any free one.",
          secret: false,
          set: true,
        },
      ],
    },
  ],
  commands: { program: "dragoman", store: " --data-dir /srv/dragoman", server: "" },
};

export const SERVER_ENDPOINTS = [
  endpoint({
    method: "GET",
    path: "/api/v1/admin/stats",
    operation: "getStats",
    tag,
    status: 200,
    proof: "privileged",
    summary: "How the server is: figures now, since the start, and for each of the last seconds.",
    query: z.object({
      seconds: z.coerce.number().int().min(1).max(900).default(300).meta({
        description: "The length of the series.",
      }),
    }),
    response: stats,
    examples: { seconds: { query: { seconds: 3 }, answer: STATS } },
    command: ({ query }) => command("stats.get", query),
    answer: (body) => ({ status: 200, body }),
  }),
  endpoint({
    method: "GET",
    path: "/api/v1/admin/settings",
    operation: "listSettings",
    tag,
    status: 200,
    proof: "privileged",
    summary: "Every setting in force, and where its value comes from. No secrets.",
    response: z.object({
      groups: z.array(z.object({ title: z.string(), settings: z.array(setting) })),
      commands: commandLine,
    }),
    examples: { some: { summary: "The first of them.", answer: SETTINGS } },
    command: () => command("settings.list", {}),
    answer: (body) => ({ status: 200, body }),
  }),
];
