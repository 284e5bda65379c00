import { VirusTotalError } from '../errors';

/** The most bytes of a mail that are read, its attachments included. */
export const MAX_MAIL_BYTES = 48 * 1024 * 1024;

/** The most parts of a mail, those of the mails in it included. */
export const MAX_PARTS = 2000;

/** The longest header of a mail, or of one of its parts, in bytes. */
export const MAX_HEADER_BYTES = 256 * 1024;

/** The most bytes that the headers of a mail and of its parts have together. */
export const MAX_HEADERS_BYTES = 8 * 1024 * 1024;

/** The deepest nesting of parts. */
export const MAX_LEVELS = 64;

/** A mail is not read, because of its size or form. Nothing of it is returned: a cut list would look like a complete one. */
export function unreadableMail(why: string): VirusTotalError {
  return new VirusTotalError('VT_INVALID_IOC', `Too much: the mail ${why}: search a part of it`);
}

/** A mail has more parts than are read. */
export function tooManyParts(): VirusTotalError {
  return unreadableMail(`has more than ${MAX_PARTS} parts`);
}

/** A header of a mail or of one of its parts is longer than is read. */
export function tooLongHeader(): VirusTotalError {
  return unreadableMail(`has more than ${MAX_HEADER_BYTES / 1024} KiB in one header`);
}

/** A mail is larger than is read. */
export function tooLargeMail(): VirusTotalError {
  return unreadableMail(`has more than ${MAX_MAIL_BYTES / 1024 / 1024} MiB`);
}
