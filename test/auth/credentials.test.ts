import { expect, test } from "bun:test";
import { credentialsOf } from "../../src/auth/credentials.ts";
import { generateKey } from "../../src/auth/keys.ts";
import { hs256Token } from "./support.ts";

const token = hs256Token();
const { key } = generateKey();

function read(path: string, headers: Record<string, string> = {}) {
  const sent = new Headers(headers);
  return credentialsOf({
    query: new URL(path, "http://h").searchParams,
    header: (name) => sent.get(name),
  });
}

test("a token is read from the address", () => {
  expect(read(`/ws?token=${token}`)).toEqual({ token });
  expect(read(`http://h/ws?a=1&token=${token}#token=x`)).toEqual({ token });
});

test("a ticket is read from the address", () => {
  expect(read("/ws?ticket=abc")).toEqual({ ticket: "abc" });
});

test("nothing given is nothing found, and empty counts as nothing", () => {
  expect(read("/ws")).toEqual({});
  expect(
    read("/ws?token=&ticket=", { "X-API-Key": " ", Authorization: "Bearer ", "Sec-WebSocket-Protocol": "" }),
  ).toEqual({});
  expect(read("/token=x")).toEqual({});
});

test("a Bearer value is a token or a key, by its shape", () => {
  expect(read("/", { Authorization: `Bearer ${token}` })).toEqual({ token });
  expect(read("/", { Authorization: `bEARER   ${token}  ` })).toEqual({ token });
  expect(read("/", { Authorization: `Bearer ${key}` })).toEqual({ key });
  expect(read("/", { Authorization: "Bearer swordfish" })).toEqual({ key: "swordfish" });
  expect(read("/", { Authorization: "Bearer two words" })).toEqual({ key: "two words" });
  expect(read("/", { Authorization: "Bearer dgk_a.b.c" })).toEqual({ key: "dgk_a.b.c" });
  expect(read("/", { Authorization: "Bearer a.b" })).toEqual({ key: "a.b" });
  expect(read("/", { Authorization: "Bearer a.b.c=" })).toEqual({ key: "a.b.c=" });
});

test("an unsigned token is a token, so that its refusal says what is wrong", () => {
  expect(read("/", { Authorization: "Bearer eyJhbGciOiJub25lIn0.e30." })).toEqual({
    token: "eyJhbGciOiJub25lIn0.e30.",
  });
});

test("other schemes are left alone", () => {
  expect(read("/", { Authorization: "Basic YTpi" })).toEqual({});
  expect(read("/", { Authorization: `Bearer${token}` })).toEqual({});
});

test("X-API-Key is a key whatever its shape, and wins over a Bearer key", () => {
  expect(read("/", { "X-API-Key": "a.b.c" })).toEqual({ key: "a.b.c" });
  expect(read("/", { "X-API-Key": key, Authorization: "Bearer other" })).toEqual({ key });
  expect(read("/", { "X-API-Key": key, Authorization: `Bearer ${token}` })).toEqual({ key, token });
});

test("the subprotocol pair gives the token and asks for the answer bearer", () => {
  expect(read("/", { "Sec-WebSocket-Protocol": `bearer, ${token}` })).toEqual({
    token,
    subprotocol: "bearer",
  });
  expect(read("/", { "Sec-WebSocket-Protocol": `chat,bearer,${token},x` })).toEqual({
    token,
    subprotocol: "bearer",
  });
  expect(read("/", { "Sec-WebSocket-Protocol": "bearer" })).toEqual({ subprotocol: "bearer" });
  expect(read("/", { "Sec-WebSocket-Protocol": `chat, ${token}` })).toEqual({});
});

test("of several tokens the header's wins, then the subprotocol's", () => {
  const everywhere = { Authorization: `Bearer ${token}`, "Sec-WebSocket-Protocol": "bearer, b.b.b" };
  expect(read("/?token=c.c.c", everywhere)).toEqual({ token, subprotocol: "bearer" });
  expect(read("/?token=c.c.c", { "Sec-WebSocket-Protocol": "bearer, b.b.b" })).toEqual({
    token: "b.b.b",
    subprotocol: "bearer",
  });
});
