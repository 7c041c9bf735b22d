/** The typed client. Every failure, of the API or of the network, becomes one `Problem`. */

import createClient from "openapi-fetch";

import type { paths } from "./schema";
import type { ErrorReply, FieldError } from "./types";

export class Problem extends Error {
  readonly code: ErrorReply["code"] | "unreachable";
  readonly errors: FieldError[];

  constructor(code: Problem["code"], message: string, errors: FieldError[] = []) {
    super(message);
    this.name = "Problem";
    this.code = code;
    this.errors = errors;
  }
}

export function isUnreachable(error: Error): boolean {
  return error instanceof Problem && error.code === "unreachable";
}

/** Whether an error says nothing of what was asked, only that nobody can be asked now. */
export function isOutage(error: Error): boolean {
  return error instanceof Problem && (error.code === "unreachable" || error.code === "unavailable");
}

/** Whether what was asked for cannot be, as things are. */
export function isConflict(error: Error): boolean {
  return error instanceof Problem && error.code === "conflict";
}

export function isUnauthenticated(error: Error): boolean {
  return error instanceof Problem && error.code === "unauthenticated";
}

/** What is said of one field; "seeds[1]" is at "seeds". */
export function fieldErrorsOf(error: Error | null, field: string): string[] {
  const errors = error instanceof Problem ? error.errors : [];
  return errors.filter((wrong) => isAt(wrong.field, field)).map(({ message }) => message);
}

/** Whether all that is wrong is said at these fields. */
export function isSaidAt(error: Error, fields: string[]): boolean {
  return error instanceof Problem && error.errors.length > 0 && error.errors.every((wrong) => fields.some((field) => isAt(wrong.field, field)));
}

function isAt(place: string, field: string): boolean {
  return place === field || place.startsWith(`${field}[`);
}

export const client = createClient<paths>({ baseUrl: "/", querySerializer: { array: { style: "form", explode: true } } });

function isErrorReply(body: unknown): body is ErrorReply {
  return typeof body === "object" && body !== null && "code" in body && "message" in body;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The reply's data, or a thrown Problem in the API's own words. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  const answer = await request.catch(() => {
    throw new Problem("unreachable", "Forkpoint's API does not answer. What is shown may be out of date.");
  });
  if (answer.response.ok) return answer.data as T;
  if (isErrorReply(answer.error)) {
    throw new Problem(answer.error.code, answer.error.message, answer.error.errors ?? []);
  }
  throw new Problem("internal", `Forkpoint's API answered with status ${answer.response.status}.`);
}
