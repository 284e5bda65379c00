/** The part of busboy that upload-reader.ts uses; the package has no types of its own. */
declare module 'busboy' {
  import type { IncomingHttpHeaders } from 'node:http';
  import type { Readable, Writable } from 'node:stream';

  interface BusboyOptions {
    headers: IncomingHttpHeaders;
    /** Keep the folders of a file name. */
    preservePath?: boolean;
    /** Charset of file names. */
    defParamCharset?: string;
  }

  interface Busboy extends Writable {
    on(
      event: 'file',
      listener: (field: string, content: Readable, info: { filename?: string }) => void,
    ): this;
    on(event: 'field', listener: (field: string, value: string) => void): this;
    on(event: string, listener: (...values: never[]) => void): this;
  }

  export default function busboy(options: BusboyOptions): Busboy;
}
