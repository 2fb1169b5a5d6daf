/** What `in_page.js` uses of JupyterLab's page, and of axe-core. */

interface Window {
  jupyterapp: JupyterApp;
  kitCheck: Record<string, (...given: never[]) => unknown>;
  axe: { run(elements: Element[], options: object): Promise<{ violations: Violation[] }> };
}

interface JupyterApp {
  commands: { execute<Result>(name: string, options?: object): Promise<Result> };
  docRegistry: { getWidgetFactory(name: "Notebook"): { notebookConfig: { windowingMode: string } } };
  serviceManager: { sessions: { shutdown(id: string): Promise<void> } };
}

interface NotebookPanel {
  node: HTMLElement;
  content: { widgets: NotebookCell[] };
  context: { ready: Promise<void> };
  sessionContext: SessionContext;
  dispose(): void;
}

interface SessionContext {
  ready: Promise<void>;
  session: { id: string; kernel: NotebookKernel | null } | null;
  statusChanged: { connect(slot: (sender: unknown, status: string) => void): void };
}

interface NotebookKernel {
  id: string;
  status: string;
  info: Promise<unknown>;
}

interface NotebookCell {
  node: HTMLElement;
  model: CellModel;
  /** A future is what the kernel was last asked for; without one, it has not been asked. */
  outputArea?: { widgets: OutputRow[]; future?: { done: Promise<unknown> } | null };
}

interface CellModel {
  type: string;
  executionCount?: number | null;
  sharedModel: { source: string };
  outputs: {
    get(place: number): { data: Record<string, { model_id: string }> } | undefined;
    toJSON(): { output_type: string }[];
  };
  getMetadata(name: string): string[] | undefined;
}

/** A prompt and an output, side by side. */
interface OutputRow {
  widgets: Output[];
}

interface Output {
  node: HTMLElement;
  _manager?: { promise: Promise<OutputManager> };
}

interface OutputManager extends Manager {
  has_model(id: string): boolean;
}

/** What axe-core finds. */
interface Violation {
  id: string;
  impact: string;
  help: string;
  helpUrl: string;
  nodes: { element: Element; html: string; failureSummary?: string }[];
}

/** Traits that say whether a widget has something to show. */
interface CommonTraits {
  _model_name: string;
  value?: unknown;
  description?: string;
  children?: Model<CommonTraits>[];
  outputs: unknown[];
}
