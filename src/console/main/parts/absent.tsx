import type { VNode } from "preact";
import { Failed, Note } from "../../lib/empty.tsx";
import type { ApiError } from "../data/http.ts";

/** Why a thing cannot be shown: that there is none such is no failure. */
export const Absent = ({
  error,
  what,
  onAgain,
}: {
  readonly error: ApiError;
  readonly what: string;
  readonly onAgain?: () => void;
}): VNode =>
  error.status === 404 ? (
    <Note>
      <p>{what}</p>
    </Note>
  ) : (
    <Failed what={error.message} {...(onAgain === undefined ? {} : { onAgain })} />
  );
