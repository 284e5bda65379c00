import type { ErrorCode, ErrorDetails } from '../errors';

/** What becomes a VirusTotalError once the secrets are taken out of the message. */
export interface ErrorInit extends ErrorDetails {
  code: ErrorCode;
  message: string;
}
