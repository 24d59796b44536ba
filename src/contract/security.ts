import type { Proof } from "../core/endpoint.ts";

/** How a caller shows who he is, in the words of both documents. */
const WORDS = {
  bearer: "A token (JWT), or a service key: `Authorization: Bearer <token>`.",
  key: "A service key from `dragoman key create`.",
  token: "A token in the address, as all five documented backends have it.",
  ticket: "A ticket instead of a token in the address: 30 s, once. From `POST /api/v1/tickets`.",
} as const;

export const HTTP_SECURITY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: WORDS.bearer },
  key: { type: "apiKey", in: "header", name: "X-API-Key", description: WORDS.key },
  token: { type: "apiKey", in: "query", name: "token", description: WORDS.token },
  ticket: { type: "apiKey", in: "query", name: "ticket", description: WORDS.ticket },
} as const;

export const SOCKET_SECURITY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: WORDS.bearer },
  key: { type: "httpApiKey", in: "header", name: "X-API-Key", description: WORDS.key },
  token: { type: "httpApiKey", in: "query", name: "token", description: WORDS.token },
  ticket: { type: "httpApiKey", in: "query", name: "ticket", description: WORDS.ticket },
  subprotocol: {
    type: "httpApiKey",
    in: "header",
    name: "Sec-WebSocket-Protocol",
    description: "The pair `bearer, <token>`, for browsers that want no token in the address.",
  },
} as const;

/** Any one of them will do; an empty list where no proof is asked for. */
export const securityOf = (proof: Proof): readonly object[] =>
  proof === "none" ? [] : Object.keys(HTTP_SECURITY_SCHEMES).map((name) => ({ [name]: [] }));
