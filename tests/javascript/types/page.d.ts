/** A page of the published site, whose scripts know each other by names in the window. */

interface Window {
  kitEvaluation: typeof import("../../../kit/widgets/static/evaluation.js");
  kitKeeper(state: States): Keeper;
  /** How a map of ideas is drawn on a page without widgets, and the ideas of the kit. */
  kitIdeas: {
    IdeasView: new (model: { get(name: "kept" | "known"): unknown }, root: HTMLElement) => unknown;
    known: IdeasTraits["known"];
  };
  /** What the answers to each lesson show, those of this page last. */
  kitCourseIdeas(own: string, answers: object): KeptIdeas[];
  kitPlaces(models: Models): PlacesOfPage;
  /** Lets what was loaded be kept for when there is no network. */
  kitOffline?(addresses: string[]): void;
  kitPythonLine(stop: () => void): PythonLine;
  kitKernel(models: Models, keeper: Keeper, settings: PythonSettings): PageKernel;
  /** Texts that many widgets share, by their names. */
  kitTexts?: Record<string, string>;
  kitSearchIndex?: SearchEntry[];
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
  handle_comm_open(comm: object, message: object): Promise<Model>;
  has_model(id: string): boolean;
}

/** The models that are stored in a page, by their ids. */
type States = Record<string, StoredModel>;

interface StoredModel {
  model_module?: string;
  state: StoredState;
}

interface StoredState {
  /** What a widget says it is without a kernel; see CONTRIBUTING.md. */
  _without_kernel?: { role?: string; exercise?: string };
  locks?: Record<string, number>;
  [trait: string]: unknown;
}

/** What keeps answers in this browser. */
interface Keeper {
  made(id: string, model: Model): void;
  fileName: string;
  text(): string;
  takeOfPython(text: string): void;
}

/** The models of a page: which there are, and which of them are made. */
interface Models {
  state: States;
  manager: PageManager;
  made: Set<string>;
  restore(ids: string[]): Promise<void>;
  showAgain(cell: number, ids: string[]): Promise<void>;
  make(id: string): Promise<Model>;
  players(id: string): string[];
}

/** Places of a page that its address can ask for. */
interface PlacesOfPage {
  first: Element | null;
  shown(place: HTMLElement): Promise<void>;
  settled(): void;
}

/** What a page has to know of its Python; see kit/authoring/site/in_page.py. */
interface PythonSettings {
  folder: string;
  total: number;
  megabytes: number;
  cells: string;
}

/** A section of a page that can be found. */
interface SearchEntry {
  page: string;
  title: string;
  anchor: string;
  heading: string;
  text: string;
  words?: { heading: string[]; text: string[] };
}

/** What a page says of its Python. */
interface PythonLine {
  work(words: string, part?: number | null): void;
  compute(): void;
  rest(words?: string): void;
}

/** The kernel in the page. */
interface PageKernel {
  made(id: string, model: Model): void;
}

/** What a widget and Python say to each other. */
interface CommData {
  method: string;
  state?: Record<string, unknown>;
  content?: { do?: string };
}

interface Callbacks {
  iopub?: { status?(message: { content: { execution_state: string } }): void };
}

/** A message of the worker: which of these it has, its kind says. */
interface PythonMessage {
  kind: string;
  part: number;
  number: number;
  last: number;
  parent: number;
  id: string;
  data: CommData;
  metadata: object;
  buffers: Uint8Array[];
  models: string[];
  shown: string[];
  fetched: string[];
  error: string;
  text: string;
}

/** A model as its manager sees it. */
interface CommModel {
  comm?: object;
  comm_live: boolean;
  close(gone: boolean): unknown;
  _handle_comm_msg(message: object): unknown;
}

/** What is kept of an exercise. */
interface ExerciseRecord {
  text: string;
  passed: boolean;
  tries: number;
  hints_shown: number;
}

/** What is kept of an explanation. */
interface ExplanationRecord {
  kind: string;
  prompt: string;
  text: string;
  ticked: number[];
  tries: number;
  time: string;
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
  history?: { try: number; time: string; chosen: number[]; instance?: string; idea?: string }[];
  /** Wrong answers, two of each round that is over. */
  misses?: number[][];
  /** The key of the instance that it is an answer to, if it is not the question itself. */
  instance?: string;
  /** The name of the idea that the answer shows, if it shows one. */
  idea?: string;
}

/** The library that draws diagrams; this is what a page asks of it. */
interface Mermaid {
  initialize(settings: Record<string, unknown>): void;
  render(id: string, text: string): Promise<{ svg: string }>;
}
