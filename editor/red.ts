/** What the dialogs use of Node-RED's editor, in Node-RED 4 and 5. Its other parts are left out. */

/** A node as the editor holds it: its properties, as they are saved, and what the editor adds. */
export interface EditorNode {
  readonly id: string;
  readonly type: string;
  name?: string;
  /** False where a property is refused; undefined for a node that was not checked yet. */
  valid?: boolean;
  readonly _def: NodeDefinition;
  credentials?: Record<string, unknown>;
  status?: unknown;
  /** The text of the node's own catalogue. */
  _(key: string, values?: object): string;
  [property: string]: unknown;
}

/** What is given to `RED.nodes.registerType`. */
interface NodeDefinition {
  defaults: Record<string, PropertyDefinition | undefined>;
  credentials?: Record<string, PropertyDefinition | undefined>;
}

interface PropertyDefinition {
  value?: unknown;
  /** Of the config node that the property names. */
  type?: string;
  validate?: Validator;
}

/**
 * Whether a value is taken, or the reason why it is not. Node-RED shows the reason only if the function has two parameters.
 * `this` is the node as it was saved, not what its open dialog shows.
 */
export type Validator = (this: Partial<EditorNode>, value: unknown, options: object) => boolean | string;

interface EditorRed {
  /** A text by its full key, `package/node:section.name`, with the values for its blanks and i18next's options. */
  _(key: string, values?: object): string;
  i18n: {
    /** Of the editor, as `de`. */
    lang(): string;
  };
  nodes: {
    node(id: unknown): EditorNode | null | undefined;
    eachConfig(look: (node: EditorNode) => void): void;
  };
  utils: {
    /** @returns true, or the reason */
    validatePropertyExpression(text: unknown): boolean | string;
    normalisePropertyExpression(text: string): (string | number)[];
    /** @returns true, or the reason */
    validateTypedProperty(value: unknown, type: string, options: object): boolean | string;
  };
  events: {
    on(event: 'nodes:add', listener: (node: EditorNode) => void): void;
    on(event: 'deploy', listener: () => void): void;
    emit(event: 'nodes:change', node: EditorNode): void;
  };
  comms: {
    subscribe(topic: string, listener: (topic: string, data: { text?: string }) => void): void;
  };
  view: {
    redrawStatus(node: EditorNode): void;
    /** Shows the flow of a node, and the node in it. */
    reveal(id: string): void;
    /** Hands nodes to the mouse, to be put down. */
    importNodes(nodes: object[], options: { addFlow: boolean; generateIds: boolean }): void;
  };
  plugins: {
    registerPlugin(id: string, plugin: { type: string; onadd(): void }): void;
  };
  sidebar: {
    addTab(tab: SidebarTab): void;
    show(id: string): void;
    config: { show(id: string): void };
  };
  statusBar: {
    add(widget: { id: string; align: 'left' | 'right'; element: JQuery }): void;
    hide(id: string): void;
    show(id: string): void;
  };
  actions: { invoke(action: string): void };
  clipboard: {
    /** @param key of the text that is shown beside the element */
    copyText(text: string, element: JQuery, key: string): boolean;
  };
  user?: { hasPermission(permission: string): boolean };
}

/** What is given to `RED.sidebar.addTab`. */
interface SidebarTab {
  id: string;
  label: string;
  name: string;
  content: JQuery;
  iconClass: string;
  /** Usable while a dialog is open. */
  enableOnEdit: boolean;
}

declare global {
  /** There only in a page of the editor. */
  const RED: EditorRed;
}
