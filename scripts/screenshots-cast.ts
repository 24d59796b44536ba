/** Who is in the story of the pictures, where they listen, what they say. */

export interface Person {
  readonly id: string;
  readonly username: string;
  /** Where he connects from, as a proxy says it. */
  readonly address: string;
  /** The sockets that he opens. */
  readonly paths: readonly string[];
}

const CHAT = "/api/v1/ws/connect";
const NOTIFIER = "/api/v1/ws";
const NATIVE = "/api/v1/stream";
const ONETASK = "/ws/notifications";
const ONETASK_V1 = "/api/v1/ws/notifications";

const person = (id: number, username: string, address: string, ...paths: string[]): Person => ({
  id: String(id),
  username,
  address,
  paths,
});

export const PEOPLE: readonly Person[] = [
  person(101, "alice", "84.17.44.9", CHAT, ONETASK),
  person(102, "bob", "2001:db8:4a::7", CHAT, NOTIFIER),
  person(103, "carol", "203.0.113.24", CHAT, "/ws/tasks/789"),
  person(104, "dinesh", "198.51.100.61", CHAT, NATIVE),
  person(105, "elena", "84.17.44.9", CHAT, ONETASK_V1),
  person(106, "farid", "192.0.2.130", NOTIFIER, ONETASK),
  person(107, "grace", "203.0.113.77", CHAT, "/ws/focus-session/sprint-42"),
  person(108, "hiro", "198.51.100.8", CHAT, NATIVE),
  person(109, "ines", "2001:db8:91::12", CHAT),
  person(110, "jonas", "192.0.2.44", NOTIFIER, "/ws/focus-session/sprint-42"),
  person(111, "kofi", "203.0.113.140", CHAT, ONETASK_V1),
  person(112, "lena", "84.17.45.201", CHAT, ONETASK),
  person(113, "marek", "198.51.100.93", NATIVE),
  person(114, "nadia", "192.0.2.17", CHAT, "/api/v1/ws/114"),
  person(115, "oskar", "203.0.113.5", NOTIFIER, "/ws/tasks/790"),
  person(116, "priya", "2001:db8:4a::31", CHAT, NATIVE),
];

/** Rooms of the chats, with the workspace that each belongs to, and what is said there by turns. */
export const ROOMS: readonly (readonly [room: string, workspace: number | null, talk: readonly string[]])[] =
  [
    [
      "channel:1",
      789,
      [
        "The build is green again.",
        "Who takes the release notes?",
        "I do. Draft by noon.",
        "Thanks. I review it before the call.",
        "Standup in five minutes.",
        "Can somebody look at the flaky login test? It failed twice on main since yesterday.",
      ],
    ],
    [
      "channel:2",
      789,
      [
        "Latency on the second node is back to normal.",
        "Good. I close the incident, then.",
        "The write-up is in the runbook, with the graph.",
        "Alerts are quiet since 14:20.",
      ],
    ],
    [
      "project:789",
      null,
      ["Deadline moved to Thursday.", "The customer has signed off the second milestone."],
    ],
    ["channel:support", 790, ["Ticket 4411 is solved.", "A refund for order 8812 is waiting for approval."]],
  ];

export const TASKS = [
  "Write the report",
  "Rotate the signing keys",
  "Review the migration",
  "Update the runbook",
  "Answer ticket 4411",
] as const;

export const NOTICES = [
  { title: "Export ready", message: "Your export of October is ready to download.", level: "success" },
  { title: "Mentioned by carol", message: "“@alice, can you review the migration?”", level: "info" },
  { title: "Disk almost full", message: "node-2 has 8 % left on /data.", level: "warning" },
] as const;
