/** A page of the published site, whose scripts know each other by names in the window. */

interface Window {
  kitEvaluation: typeof import("../../../kit/widgets/static/evaluation.js");
  kitKeeper(state: States): Keeper;
  kitPlaces(models: Models): PlacesOfPage;
  /** Texts that many widgets share, by their names. */
  kitTexts?: Record<string, string>;
  requirejs: RequireJs;
  mermaid: Mermaid;
}

interface RequireJs {
  (names: string[], loaded: (...modules: Library[]) => void, failed: (error: Error) => void): void;
  config(settings: { paths: Record<string, string>; waitSeconds: number }): void;
}

/** A module that requirejs loads; this is what html-manager offers. */
interface Library {
  HTMLManager: new (options: { loader(name: string): Promise<Library> }) => PageManager;
}

interface PageManager extends Manager {
  set_state(state: { version_major: number; version_minor: number; state: States }): Promise<unknown>;
  create_view(model: Model): Promise<View>;
  display_view(view: View, target: HTMLElement): Promise<unknown>;
}

/** The models that are stored in a page, by their ids. */
type States = Record<string, StoredModel>;

interface StoredModel {
  state: StoredState;
}

interface StoredState {
  /** What a widget says it is without a kernel; see CONTRIBUTING.md. */
  _without_kernel?: { role?: string };
  locks?: Record<string, number>;
  [trait: string]: unknown;
}

/** What keeps answers in this browser. */
interface Keeper {
  made(id: string, model: Model): void;
}

/** The models of a page: which there are, and which of them are made. */
interface Models {
  manager: PageManager;
  make(id: string): Promise<Model>;
  players(id: string): string[];
}

/** Places of a page that its address can ask for. */
interface PlacesOfPage {
  first: Element | null;
  shown(place: HTMLElement): Promise<void>;
  settled(): void;
}

/** An answer as a file keeps it. */
interface AnswerRecord {
  kind: string;
  prompt: string;
  choice: string[];
  chosen: number[];
  tries: number;
  seed: number | null;
  time: string;
}

/** The library that draws diagrams; this is what a page asks of it. */
interface Mermaid {
  initialize(settings: Record<string, unknown>): void;
  render(id: string, text: string): Promise<{ svg: string }>;
}
