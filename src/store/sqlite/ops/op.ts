import type { Refusal } from "../../../core/errors.ts";
import type { OpArgs, OpName, OpValue } from "../../store.ts";
import type { Append, Tx } from "../append.ts";
import type { Db } from "../database.ts";

/**
 * A synchronous function. What it makes happen goes through the append functions, which gather
 * it in the Tx. Refusing undoes whatever it has written.
 */
export type Op<O extends OpName> = (tx: Tx, args: OpArgs<O>) => OpValue<O> | Refusal;

export type Ops<O extends OpName> = { readonly [K in O]: Op<K> };
export type OpTable = Ops<OpName>;

/** Prepares the statements of some ops, once, and answers with the ops. */
export type PrepareOps<O extends OpName> = (db: Db, append: Append) => Ops<O>;
