import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

type Values = Record<string, unknown>;
type Callback = (error: unknown, ...values: unknown[]) => void;

/**
 * A store of Node-RED's context that has what it gets in a file at once. Node-RED's own file store won't do for many deploys: one that
 * removes a flow just while that store writes into its folder fails without a word (ENOTEMPTY), and the flows stay stopped.
 *
 * @returns what `contextStorage` of the settings takes as `module`
 */
export function contextStoreIn(file: string): () => object {
  return () => {
    let scopes = new Map<string, Values>();
    const save = (): void => {
      writeFileSync(`${file}.new`, JSON.stringify([...scopes]));
      renameSync(`${file}.new`, file);
    };
    const valuesOf = (scope: string): Values => scopes.get(scope) ?? {};
    return {
      open: (): Promise<void> => {
        if (existsSync(file)) scopes = new Map(JSON.parse(readFileSync(file, 'utf8')) as [string, Values][]);
        return Promise.resolve();
      },
      close: (): Promise<void> => Promise.resolve(),
      get: (scope: string, key: string | string[], done: Callback): void =>
        done(null, ...[key].flat().map((each) => valuesOf(scope)[each])),
      set: (scope: string, key: string | string[], value: unknown, done?: Callback): void => {
        const values = Array.isArray(key) ? (value as unknown[]) : [value];
        const added = [key].flat().map((each, i): [string, unknown] => [each, values[i]]);
        scopes.set(scope, { ...valuesOf(scope), ...Object.fromEntries(added) });
        save();
        done?.(null);
      },
      keys: (scope: string, done: Callback): void => done(null, Object.keys(valuesOf(scope))),
      delete: (scope: string): Promise<void> => {
        scopes.delete(scope);
        return Promise.resolve(save());
      },
      clean: (nodes: readonly string[]): Promise<void> => {
        for (const scope of [...scopes.keys()])
          if (scope !== 'global' && !nodes.includes(scope.split(':')[0] ?? '')) scopes.delete(scope);
        return Promise.resolve(save());
      },
    };
  };
}
