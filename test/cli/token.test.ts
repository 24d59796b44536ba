import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import { bearer, claimsIn, dragoman, start, tempFolder } from "./program.ts";
import { TEST_MS } from "../support/patience.ts";

// Programs start slowly on a busy machine.
setDefaultTimeout(TEST_MS);

const SECRET = "a secret of thirty-two characters";

test("a token from the command line is accepted by the server of that folder", async () => {
  using folder = tempFolder();
  await using server = start(["serve", "--port", "0", "--data-dir", "d"], { cwd: folder.path });
  const url = await server.listening();
  const { code, stdout, stderr } = await dragoman(["token", "101", "--name", "alice", "--data-dir", "d"], {
    cwd: folder.path,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect((await fetch(`${url}/api/v1/presence/users`, bearer(stdout.trim()))).status).toBe(200);
  const other = await dragoman(["token", "101"], { env: { JWT_SECRET: SECRET } });
  expect((await fetch(`${url}/api/v1/presence/users`, bearer(other.stdout.trim()))).status).toBe(401);
});

test("issuer, audience and the claim of the user's id are those that the server wants", async () => {
  using folder = tempFolder();
  const env = { JWT_SECRET: SECRET, JWT_ISSUER: "us", JWT_AUDIENCE: "them", JWT_USER_ID_CLAIM: "uid" };
  await using server = start(["serve", "--port", "0"], { cwd: folder.path, env });
  const url = await server.listening();
  const { stdout } = await dragoman(["token", "101"], { cwd: folder.path, env });
  expect((await fetch(`${url}/api/v1/presence/users`, bearer(stdout.trim()))).status).toBe(200);
});

test("the argument is the user's id and name; --id and --name say which it is not", async () => {
  const env = { JWT_SECRET: SECRET };
  const whose = async (...args: string[]) => claimsIn((await dragoman(["token", ...args], { env })).stdout);
  expect(await whose("alice")).toMatchObject({ sub: "alice", username: "alice" });
  expect(await whose("101", "--name", "alice")).toMatchObject({ sub: "101", username: "alice" });
  expect(await whose("alice", "--id", "101")).toMatchObject({ sub: "101", username: "alice" });
});

test("time, rights and further claims are as asked for", async () => {
  const args = ["--ttl", "15m", "--admin", "--rooms", "channel:*, channel:9", "--workspaces", "789,w"];
  const more = ["--claim", "level=5", "--claim", "team=blue=green", "--claim", 'tags=["a"]'];
  const { stdout } = await dragoman(["token", "alice", ...args, ...more], { env: { JWT_SECRET: SECRET } });
  const { iat, exp, ...claims } = claimsIn(stdout);
  expect(Number(exp) - Number(iat)).toBe(900);
  expect(claims).toEqual({
    username: "alice",
    sub: "alice",
    role: "admin",
    rooms: ["channel:*", "channel:9"],
    workspaces: [789, "w"],
    level: 5,
    team: "blue=green",
    tags: ["a"],
  });
});

test("the secret may be in a file of its own or in the TOML file", async () => {
  using folder = tempFolder();
  await Bun.write(join(folder.path, "secret"), `${SECRET}\n`);
  await Bun.write(join(folder.path, "other.toml"), `jwt_secret = "${SECRET}"\n`);
  const inFile = await dragoman(["token", "a"], { cwd: folder.path, env: { JWT_SECRET_FILE: "secret" } });
  const inToml = await dragoman(["token", "a", "--config", "other.toml"], { cwd: folder.path });
  expect([inFile.code, inToml.code]).toEqual([0, 0]);
});

test("without a secret it says where it looked and what to do, and makes nothing", async () => {
  using folder = tempFolder();
  const { code, stdout, stderr } = await dragoman(["token", "alice"], { cwd: folder.path });
  expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
  expect(stderr).toBe(
    "error  there is no secret to sign with: JWT_SECRET is not set, and there is no ./dragoman_data/jwt.key\n" +
      "fix    name the server's folder: dragoman token alice --data-dir FOLDER; or start it once, it makes one: dragoman serve\n",
  );
  expect(() => statSync(join(folder.path, "dragoman_data"))).toThrow();
});

test("beside public keys only there is nothing to sign with", async () => {
  const { code, stderr } = await dragoman(["token", "alice"], {
    env: { JWKS_URL: "https://auth.example.com/keys" },
  });
  expect(code).toBe(78);
  expect(stderr).toStartWith("error  tokens are checked with a public key here, which signs none\nfix    ");
});

test.each([
  [["--ttl", "soon"], '"soon" is no time for --ttl'],
  [["--ttl", "0"], '"0" is no time for --ttl'],
  [["--claim", "nothing"], '"nothing" is no claim'],
  [["--id", "a\nb"], '"a\\nb" is no id or name'],
])("what was typed wrong ends it with 2: %p", async (args, what) => {
  const { code, stderr } = await dragoman(["token", "alice", ...args], { env: { JWT_SECRET: SECRET } });
  expect(code).toBe(2);
  expect(stderr).toStartWith(`error  ${what}\nfix    `);
});
