/** The runtime refused, or was not reached. */
export class RuntimeRefusal extends Error {
  override name = 'RuntimeRefusal';

  constructor(
    /** Of HTTP; 0 where it was not reached. */
    readonly status: number,
    /** What it says of it. */
    readonly error: { code?: string; message?: string; why?: string },
  ) {
    super(error.message ?? `Node-RED answers with status ${status}`);
  }
}

/**
 * Reads something of the runtime.
 * @param path below `virustotal/` of Node-RED's admin root
 * @throws RuntimeRefusal
 */
export function readFromRuntime<T>(path: string): Promise<T> {
  return request<T>({ url: `virustotal/${path}`, dataType: 'json' });
}

/**
 * Asks the runtime to do something. Pages of other sites cannot read the token, and so cannot do what needs it.
 * @param path below `virustotal/` of Node-RED's admin root
 * @throws RuntimeRefusal
 */
export async function askRuntime<T>(path: string, body: object = {}): Promise<T> {
  const { token } = await readFromRuntime<{ token: string }>('token');
  return request<T>({
    url: `virustotal/${path}`,
    method: 'POST',
    contentType: 'application/json',
    headers: { 'X-VirusTotal-Token': token },
    data: JSON.stringify(body),
  });
}

/** By jQuery: Node-RED has it send the user's login with what goes to its own routes. */
function request<T>(settings: JQuery.AjaxSettings): Promise<T> {
  return new Promise((resolve, reject) => {
    $.ajax(settings).then(
      (answer: T) => resolve(answer),
      ({ status, responseJSON }: JQuery.jqXHR) => {
        const { error = {} } = (responseJSON ?? {}) as { error?: RuntimeRefusal['error'] };
        reject(new RuntimeRefusal(status, error));
      },
    );
  });
}
