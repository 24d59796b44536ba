import { z } from "zod";
import { command } from "../../core/command.ts";
import { endpoint } from "../../core/endpoint.ts";
import { timestamp } from "../../core/ids.ts";

const tag = "Admin";

const counts = z.array(z.int());
const means = z.array(z.number().nullable());

const series = z
  .object({
    step_seconds: z.literal(1).meta({ description: "Each figure is of so many seconds." }),
    until: timestamp.meta({ description: "The end of the last second." }),
    connections: counts.meta({ description: "Open sockets and streams at its end." }),
    frames_in: counts.meta({ description: "Frames from clients." }),
    frames_out: counts.meta({ description: "Frames to clients." }),
    latency_ms: means.meta({
      description:
        "Mean time from a frame, or a request that changes something, to its answer; of many frames about fifty a second are timed. Null where there was none.",
    }),
    commit_ms: means.meta({ description: "Mean time of a commit; null where there was none." }),
  })
  .meta({ description: "One value a second, oldest first." });

const stats = z
  .object({
    version: z.string().meta({ description: "Of this server." }),
    bun: z.string().meta({ description: "Of the runtime in it." }),
    platform: z.string().meta({ description: "linux-x64." }),
    memory_bytes: z.int().meta({ description: "Resident memory of the process." }),
    started_at: timestamp.meta({ description: "When it began to run." }),
    uptime_seconds: z.int().meta({ description: "How long it has run." }),
    now: timestamp.meta({ description: "The server's clock." }),
    connections: z.int().meta({ description: "Open sockets and streams." }),
    users: z.int().meta({ description: "Users with a connection." }),
    rooms: z.int().meta({ description: "Rooms that somebody is in." }),
    by_dialect: z.record(z.string(), z.int()).meta({ description: "Connections of each dialect." }),
    last_event_id: z.int().meta({ description: "The event told last; 0 before the first." }),
    queued_writes: z.int().meta({ description: "Writes that wait for the next commit." }),
    totals: z
      .object({
        opened: z.int().meta({ description: "Connections that were let in." }),
        closed: z.int().meta({ description: "Connections that ended." }),
        frames_in: z.int().meta({ description: "Frames from clients." }),
        frames_out: z.int().meta({ description: "Frames to clients: one told to a hundred is a hundred." }),
        published: z.int().meta({ description: "Frames handed to the fan-out, whatever the crowd." }),
        commits: z.int().meta({ description: "Commits of the store." }),
        writes: z.int().meta({ description: "Writes; many share a commit." }),
        slow_closes: z.int().meta({ description: "Readers that fell behind and were closed (1013)." }),
        refusals: z.int().meta({ description: "Whatever was refused, anywhere." }),
      })
      .meta({ description: "Since the start." }),
    series,
    warnings: z
      .array(
        z.object({
          at: timestamp.meta({ description: "When it was logged." }),
          level: z.enum(["warn", "error"]).meta({ description: "How bad it is." }),
          code: z.string().meta({ description: "Stable; the guide on monitoring explains it." }),
          message: z.string().meta({ description: "The same for people." }),
        }),
      )
      .meta({ description: "The last 50 warnings and errors of the log, newest first." }),
    first_event_id: z.int().meta({ description: "The oldest event that is kept; last + 1 where none is." }),
    store: z
      .object({
        bytes: z.int().meta({ description: "Size of the database." }),
        wal_bytes: z.int().meta({ description: "Size of its write-ahead log." }),
      })
      .meta({ description: "What the data takes on the disk." }),
  })
  .meta({ title: "Stats" });

const settingValue = z.union([z.string(), z.number(), z.array(z.string())]).nullable();

const setting = z
  .object({
    name: z.string().meta({ description: "As in the environment: MAX_BODY_BYTES." }),
    value: settingValue.meta({ description: "Null where it is unset, or secret." }),
    source: z.string().meta({
      description:
        "flag, env, file:<path>, toml:<path>:<line>, default; program where a program embeds the server.",
    }),
    default: settingValue.meta({
      description: "What it is where nobody sets it; null where that is nothing.",
    }),
    help: z.string().meta({ description: "What it does." }),
    secret: z.boolean().meta({ description: "Its value is not shown." }),
    set: z.boolean().meta({ description: "It has a value; a list has an entry." }),
  })
  .meta({ title: "Setting" });

const commandLine = z
  .object({
    program: z.string().meta({ description: "How the command line is typed on that machine." }),
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
      groups: z
        .array(
          z.object({
            title: z.string().meta({ description: "As in the guide on settings." }),
            settings: z.array(setting).meta({ description: "Each with its value and where that is from." }),
          }),
        )
        .meta({ description: "All settings, by group." }),
      commands: commandLine,
    }),
    examples: { some: { summary: "The first of them.", answer: SETTINGS } },
    command: () => command("settings.list", {}),
    answer: (body) => ({ status: 200, body }),
  }),
];
