import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import { importedExample, keysFor, type NodeDef } from './example-flow';
import { NodeRedProcess, type DebugMessage } from './node-red-process';
import { OtherSide } from './other-side';

export interface RecipeOptions {
  /** The environment variables that the recipe's comment asks for: set in the settings of its flow. */
  env?: (other: OtherSide, nodeRed: NodeRedProcess) => Record<string, string>;
  /** What a user changes in its nodes. */
  change?: (node: NodeDef, nodeRed: NodeRedProcess) => Partial<NodeDef>;
}

/** One recipe of `examples/` in a Node-RED of its own, with a stand-in for VirusTotal and one for the product it sends to. */
export class Recipe {
  vt!: StandIn;
  other!: OtherSide;
  nodeRed!: NodeRedProcess;
  /** As they are deployed. */
  nodes: NodeDef[] = [];
  #deploys = 0;
  readonly #apiKey = freshKey();

  constructor(
    readonly file: string,
    readonly options: RecipeOptions,
  ) {}

  async start(): Promise<void> {
    this.vt = await new StandIn({ apiKey: this.#apiKey }).listen();
    this.other = await new OtherSide().listen();
    this.nodeRed = await NodeRedProcess.start();
  }

  async stop(): Promise<void> {
    await this.nodeRed.stop();
    this.other.close();
    await this.vt.close();
  }

  /**
   * Imports and deploys the recipe again, with other ids than before, so that nothing is left in its context. `env` and `change`
   * go beyond the options.
   */
  async deploy(
    env: Record<string, string> = {},
    change: (node: NodeDef) => Partial<NodeDef> = () => ({}),
  ): Promise<void> {
    const { nodeRed, other, options } = this;
    const variables = Object.entries({ ...options.env?.(other, nodeRed), ...env });
    const nodes = importedExample(
      this.file,
      (api) => this.vt.url(api),
      (node) => ({
        ...(node.type === 'tab'
          ? { env: variables.map(([name, value]) => ({ name, value, type: 'str' })) }
          : {}),
        ...options.change?.(node, nodeRed),
        ...change(node),
      }),
    );
    const fresh = `${++this.#deploys}`.padStart(4, '0');
    const ids = new RegExp(nodes.map(({ id }) => id).join('|'), 'g');
    this.nodes = JSON.parse(JSON.stringify(nodes).replace(ids, (id) => fresh + id.slice(4))) as NodeDef[];
    nodeRed.debugs.length = 0;
    await nodeRed.deploy(this.nodes, keysFor(this.nodes, this.#apiKey));
  }

  /** The node of that name. */
  node(name: string): NodeDef {
    const found = this.nodes.find((node) => node.name === name);
    if (!found) throw new Error(`${this.file} has no node ${name}`);
    return found;
  }

  /** Presses the button of an inject node. */
  press(name: string): Promise<void> {
    return this.nodeRed.inject(this.node(name).id);
  }

  /** Sends JSON to an http in node of the recipe; resolves with the status. */
  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<number> {
    const response = await fetch(this.nodeRed.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    await response.text();
    return response.status;
  }

  /** The indicators that VirusTotal was asked for, in order; questions for the quota, which cost nothing, aside. */
  asked(): string[] {
    return this.vt.requests.filter(({ path }) => !path.includes('/users/')).map(({ indicator }) => indicator);
  }

  /** What the debug nodes of that name have shown since the deploy, once there are as many. */
  async shown(name: string, count = 1): Promise<DebugMessage[]> {
    const ids = this.nodes.filter((node) => node.type === 'debug' && node.name === name).map(({ id }) => id);
    const of = (): DebugMessage[] => this.nodeRed.debugs.filter(({ id }) => ids.includes(id));
    await this.nodeRed.until(() => of().length >= count);
    return of();
  }
}

/** Gives the suite a recipe: one Node-RED for all its tests, a fresh import for each. */
export function withRecipe(file: string, options: RecipeOptions = {}): Recipe {
  const recipe = new Recipe(file, options);
  before(() => recipe.start());
  after(() => recipe.stop());
  beforeEach(async () => {
    recipe.vt.reset({ catalogue: {}, script: [] });
    recipe.other.reset();
    await recipe.deploy();
  });
  return recipe;
}
