import type { Scenario } from "./measure.ts";
import { commits, idle, storm } from "./moments.ts";
import { mixed, notifications, openLoop, pings, rooms } from "./throughput.ts";

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "fanout-8",
    title: "fan-out, 1 room × 1,000, 8 in flight",
    unit: "deliveries/s",
    better: "higher",
    prepare: rooms(1, 1000, 8),
  },
  {
    name: "fanout-64",
    title: "fan-out, 1 room × 1,000, 64 in flight",
    unit: "deliveries/s",
    better: "higher",
    prepare: rooms(1, 1000, 64),
  },
  {
    name: "rooms",
    title: "1,000 rooms × 10",
    unit: "messages/s",
    better: "higher",
    crowded: true,
    prepare: rooms(1000, 10, 64),
  },
  {
    name: "ping",
    title: "ping to pong, 1,000 sockets",
    unit: "pongs/s",
    better: "higher",
    prepare: pings(1000),
  },
  {
    name: "notify",
    title: "personal notifications over HTTP",
    unit: "notifications/s",
    better: "higher",
    prepare: notifications(1000, 32),
  },
  {
    name: "one-dialect",
    title: "a broadcast to 1,002 sockets of one dialect",
    unit: "deliveries/s",
    better: "higher",
    prepare: mixed(1002, "one", 8),
  },
  {
    name: "six-dialects",
    title: "the same to 1,002 sockets of six dialects",
    unit: "deliveries/s",
    better: "higher",
    prepare: mixed(1002, "all", 8),
  },
  {
    name: "connect",
    title: "connects with fresh tokens, storm of 5,000",
    unit: "connects/s",
    better: "higher",
    prepare: storm(5000, false),
  },
  {
    name: "resume",
    title: "the same storm, resuming",
    unit: "resumes/s",
    better: "higher",
    prepare: storm(5000, true),
  },
  {
    name: "latency",
    title: "open loop, 30,000 deliveries/s: p99",
    unit: "ms",
    better: "lower",
    prepare: openLoop(1000, 30),
  },
  {
    name: "commit",
    title: "one message at a time: from sending to hearing it",
    unit: "ms",
    better: "lower",
    prepare: commits(),
  },
  {
    name: "memory",
    title: "idle memory a joined socket, 10,000 sockets",
    unit: "KiB",
    better: "lower",
    fresh: true,
    prepare: idle(10_000),
  },
];
