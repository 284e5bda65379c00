/** Status and body of an answer, before any fault. */
export interface Answer {
  status: number;
  /** undefined: an empty body. */
  json: unknown;
}

export function v3Error(status: number, code: string, message: string): Answer {
  return { status, json: { error: { code, message } } };
}

export function notFound(message = 'Resource not found.'): Answer {
  return v3Error(404, 'NotFoundError', message);
}

export function invalidArgument(message: string): Answer {
  return v3Error(400, 'InvalidArgumentError', message);
}

/** What a key without the privilege gets. */
export function forbidden(): Answer {
  return v3Error(403, 'ForbiddenError', 'You are not authorized to perform the requested operation');
}
