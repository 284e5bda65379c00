/** A field of a mail's header, unfolded. */
export interface MailField {
  readonly name: string;
  readonly value: string;
}

/** A file that came with a mail. */
export interface MailFile {
  /** As the mail has it; absent where it names none. */
  readonly filename?: string;
  /** In lower case, as the mail says; `application/octet-stream` where it doesn't. */
  readonly mimeType: string;
  readonly content: Uint8Array;
  /** Whether it is shown within the HTML, by its Content-ID. */
  readonly isRelated: boolean;
}

/** A mail with its parts decoded. */
export interface Mail {
  readonly fields: readonly MailField[];
  /** Bodies of plain text, and what else is text and no file: reports of delivery, invitations. */
  readonly texts: readonly string[];
  readonly htmls: readonly string[];
  /** In their order; a mail that came with it as a mail. */
  readonly attachments: readonly (MailFile | Mail)[];
}

/** True for a file, false for a mail that is attached as a message. */
export function isMailFile(attachment: MailFile | Mail): attachment is MailFile {
  return 'content' in attachment;
}
