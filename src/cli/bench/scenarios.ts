import { Crowd } from "./crowd.ts";
import { Pipe } from "./http.ts";
import { Link, createTally, openAll } from "./link.ts";
import { cpuSeconds, residentKib } from "./process.ts";
import { quantile } from "./stats.ts";
import type { Subject } from "./subject.ts";

/** One measurement. */
export interface Sample {
  /** In the scenario's unit. */
  readonly value: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Share of one processor that the server and the load took; null where that is not known. */
  readonly serverCpu?: number | null;
  readonly loadCpu?: number | null;
}

/** Sockets that are open and joined, ready to be measured as often as wanted. */
export interface Ready {
  readonly measure: (ms: number) => Promise<Sample>;
  readonly close: () => Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** `lower`: the smaller value is the better one. */
  readonly better: "higher" | "lower";
  /** Each measurement begins with a fresh server. */
  readonly fresh?: boolean;
  /** So many sockets that each measurement opens and closes its own. */
  readonly crowded?: boolean;
  /** Null where the server cannot do it. */
  readonly prepare: (subject: Subject) => Promise<Ready | null>;
}

/** Of a second, before what counts begins. */
const WARM_UP_MS = 300;
const TEXT_LENGTH = 100;
/** A text of a fixed length that carries the time at which it was sent. */
const stamped = (): string => `@${performance.now().toFixed(3)}@`.padEnd(TEXT_LENGTH, "x");
const sentAt = (text: string): number => Number(/@([\d.]+)@/.exec(text)?.[1] ?? Number.NaN);

interface Window {
  readonly frames: number;
  readonly seconds: number;
  readonly serverCpu: number | null;
  readonly loadCpu: number | null;
}

/** What arrives in a while, after a warm-up. */
async function windowOf(crowd: Crowd, pid: number | null, ms: number): Promise<Window> {
  await Bun.sleep(WARM_UP_MS);
  const [server, load] = [cpuSeconds(pid), cpuSeconds(process.pid)];
  const [frames, began] = [crowd.tally.frames, performance.now()];
  await Bun.sleep(ms);
  const seconds = (performance.now() - began) / 1000;
  const share = (before: number | null, after: number | null): number | null =>
    before === null || after === null ? null : (after - before) / seconds;
  return {
    frames: crowd.tally.frames - frames,
    seconds,
    serverCpu: share(server, cpuSeconds(pid)),
    loadCpu: share(load, cpuSeconds(process.pid)),
  };
}

/** Rooms with listeners; so many messages are always on their way, each done when all its listeners have it. */
const rooms = (count: number, members: number, inFlight: number) => async (subject: Subject) => {
  const crowd = new Crowd(subject);
  const places = Array.from({ length: count * members }, (_, at) => at);
  const links = await crowd.enter(places.map((at) => subject.listen(Math.floor(at / members), at % members)));
  const text = "x".repeat(TEXT_LENGTH);
  const frames = Array.from({ length: count }, (_, room) => subject.say(room, text));
  let sent = 0;
  let base = 0;
  let running = false;
  const pump = (): void => {
    while (running && sent - (crowd.tally.frames - base) / members < inFlight) {
      // Every speaker of a room by turns, every room by turns.
      const room = sent % count;
      const speaker = links[room * members + (Math.floor(sent / count) % members)];
      sent++;
      speaker?.send(frames[room] as Uint8Array);
    }
  };
  // After every chunk, so that the next message leaves while others still arrive.
  crowd.tally.onChunk = pump;
  return {
    async measure(ms: number): Promise<Sample> {
      [sent, base, running] = [0, crowd.tally.frames, true];
      pump();
      const { frames, seconds, serverCpu, loadCpu } = await windowOf(crowd, subject.pid, ms);
      running = false;
      await crowd.quiet();
      return { value: frames / (count === 1 ? 1 : members) / seconds, serverCpu, loadCpu };
    },
    close: () => crowd.leave(),
  };
};

/** As many messages a second as asked for, whether the server keeps up or not; latency at every 16th listener. */
const openLoop = (members: number, perSecond: number) => async (subject: Subject) => {
  const crowd = new Crowd(subject);
  const links = await crowd.enter(Array.from({ length: members }, (_, member) => subject.listen(0, member)));
  const decoder = new TextDecoder();
  let latencies: number[] = [];
  for (let at = 0; at < members; at += 16) {
    (links[at] as Link).listen((payload) => {
      const ms = performance.now() - sentAt(decoder.decode(payload));
      if (!Number.isNaN(ms)) latencies.push(ms);
    });
  }
  return {
    async measure(ms: number): Promise<Sample> {
      let sent = 0;
      const began = performance.now();
      const ticker = setInterval(() => {
        const due = ((performance.now() - began) / 1000) * perSecond;
        for (; sent < due; sent++) (links[sent % members] as Link).send(subject.say(0, stamped()));
      }, 1);
      await Bun.sleep(WARM_UP_MS);
      latencies = [];
      await Bun.sleep(ms);
      clearInterval(ticker);
      const heard = latencies;
      await crowd.quiet();
      const p99Ms = quantile(heard, 0.99);
      return { value: p99Ms, p50Ms: quantile(heard, 0.5), p99Ms };
    },
    close: () => crowd.leave(),
  };
};

/** Every socket asks as soon as it was answered. */
const pings = (sockets: number) => async (subject: Subject) => {
  const { ping } = subject;
  if (ping === undefined) return null;
  const crowd = new Crowd(subject);
  const arrivals = Array.from({ length: sockets }, (_, user) => ping(user));
  const links = await crowd.enter(arrivals);
  let running = false;
  for (const [at, link] of links.entries()) {
    const frame = arrivals[at]?.ping as Uint8Array;
    link.onFrame = () => {
      if (running) link.send(frame);
    };
  }
  return {
    async measure(ms: number): Promise<Sample> {
      running = true;
      for (const [at, link] of links.entries()) link.send(arrivals[at]?.ping as Uint8Array);
      const { frames, seconds, serverCpu, loadCpu } = await windowOf(crowd, subject.pid, ms);
      running = false;
      await crowd.quiet();
      return { value: frames / seconds, serverCpu, loadCpu };
    },
    close: () => crowd.leave(),
  };
};

/** Requests over kept connections, each heard by one socket; counted where it is heard. */
const notifications = (users: number, inFlight: number) => async (subject: Subject) => {
  const { personal, notify } = subject;
  if (personal === undefined || notify === undefined) return null;
  const crowd = new Crowd(subject);
  await crowd.enter(Array.from({ length: users }, (_, user) => personal(user, false)));
  const text = "x".repeat(TEXT_LENGTH);
  const requests = Array.from({ length: users }, (_, user) => notify(user, text));
  return posting(subject, crowd, requests, inFlight, 1);
};

/** Posts by turns until told to stop, each pipe one request at a time. */
async function posting(
  subject: Subject,
  crowd: Crowd,
  requests: readonly Uint8Array<ArrayBuffer>[],
  inFlight: number,
  heard: number,
): Promise<Ready> {
  const pipes = await Promise.all(Array.from({ length: inFlight }, () => new Pipe(subject.door).open()));
  let running = false;
  let next = 0;
  const post = async (pipe: Pipe): Promise<void> => {
    while (running) {
      const status = await pipe.ask(requests[next++ % requests.length] as Uint8Array<ArrayBuffer>);
      if (status >= 300) throw new Error(`${subject.name} answered ${status}`);
    }
  };
  return {
    async measure(ms) {
      running = true;
      const work = Promise.all(pipes.map(post));
      const { frames, seconds, serverCpu, loadCpu } = await windowOf(crowd, subject.pid, ms);
      running = false;
      await work;
      await crowd.quiet();
      return { value: frames / heard / seconds, serverCpu, loadCpu };
    },
    async close() {
      for (const pipe of pipes) pipe.close();
      await crowd.leave();
    },
  };
}

/** One request, heard by every socket, in one wire protocol or in all of them. */
const mixed = (sockets: number, dialects: "one" | "all", inFlight: number) => async (subject: Subject) => {
  const { mixed: arrive, broadcast } = subject;
  if (arrive === undefined || broadcast === undefined) return null;
  const crowd = new Crowd(subject);
  await crowd.enter(Array.from({ length: sockets }, (_, user) => arrive(user, dialects)));
  return posting(subject, crowd, [broadcast("x".repeat(TEXT_LENGTH))], inFlight, 1);
};

/** All at once, each with a token that the server has never seen; with a cursor, until the past was told. */
const storm = (sockets: number, resumes: boolean) => async (subject: Subject) => {
  const { personal, door } = subject;
  if (personal === undefined) return null;
  let user = 0;
  return {
    async measure(): Promise<Sample> {
      const tally = createTally();
      const links = Array.from({ length: sockets }, () => {
        const { path } = personal(user++, resumes);
        return new Link(door, path, tally);
      });
      const [server, load, began] = [cpuSeconds(subject.pid), cpuSeconds(process.pid), performance.now()];
      await openAll(links);
      const told = (): boolean => !resumes || tally.frames >= sockets;
      while (!told()) await Bun.sleep(1);
      const seconds = (performance.now() - began) / 1000;
      const share = (before: number | null, after: number | null) =>
        before === null || after === null ? null : (after - before) / seconds;
      const sample = {
        value: sockets / seconds,
        serverCpu: share(server, cpuSeconds(subject.pid)),
        loadCpu: share(load, cpuSeconds(process.pid)),
      };
      for (const link of links) link.close();
      await Bun.sleep(300);
      return sample;
    },
    close: async () => {},
  };
};

/** Resident memory a socket, of so many that have joined and are silent. */
const idle = (sockets: number) => async (subject: Subject) => ({
  async measure(): Promise<Sample> {
    const crowd = new Crowd(subject);
    // Whatever the first sockets bring with them is not theirs.
    await crowd.enter(Array.from({ length: 100 }, (_, member) => subject.listen(1_000_000 + member, 0)));
    await Bun.sleep(500);
    const before = residentKib(subject.pid);
    // Ten a room, so that joining is no flood.
    await crowd.enter(
      Array.from({ length: sockets }, (_, at) => subject.listen(Math.floor(at / 10), at % 10)),
    );
    await Bun.sleep(1500);
    const after = residentKib(subject.pid);
    await crowd.leave();
    return { value: before === null || after === null ? Number.NaN : (after - before) / sockets };
  },
  close: async () => {},
});

/** One message after another: how long from sending to hearing it oneself. */
const commits = () => async (subject: Subject) => {
  const crowd = new Crowd(subject);
  const [link] = (await crowd.enter([subject.listen(0, 0)])) as [Link];
  const decoder = new TextDecoder();
  return {
    async measure(ms: number): Promise<Sample> {
      const latencies: number[] = [];
      let running = true;
      link.listen((payload) => {
        const took = performance.now() - sentAt(decoder.decode(payload));
        if (!Number.isNaN(took)) latencies.push(took);
        if (running) link.send(subject.say(0, stamped()));
      });
      link.send(subject.say(0, stamped()));
      await Bun.sleep(ms);
      running = false;
      await crowd.quiet();
      return {
        value: quantile(latencies, 0.5),
        p50Ms: quantile(latencies, 0.5),
        p99Ms: quantile(latencies, 0.99),
      };
    },
    close: () => crowd.leave(),
  };
};

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
