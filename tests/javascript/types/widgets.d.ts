/** What the kit's JavaScript uses of ipywidgets, anywidget and bqplot, and the messages it exchanges. */

/** How a trait names another model. */
type Reference = `IPY_MODEL_${string}`;

/** What Python tells a widget of the page. */
type Told = { do: "pause" } | { do: "release" } | { do: "write"; text: string };

/** What a widget of the page tells Python. */
type Message =
  | { gone: true }
  | { do: "run" | "check"; text: string }
  | { do: "show"; place: number }
  | { do: "import"; name: string }
  | { do: "cancel" | "solution" | "use" };

/** The page's half of a widget's state; `set` reaches Python with `save_changes`. */
interface Model<Traits extends object = MarkTraits> {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void;
  set(traits: Partial<Traits>): void;
  /** @param events one or several, such as "change:tick change:playing" */
  on(events: "msg:custom", listener: (message: Told) => void): void;
  on(events: string, listener: () => void): void;
  off(events: "msg:custom", listener: (message: Told) => void): void;
  off(events: string, listener: () => void): void;
  save_changes(): void;
  send(message: Message, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  widget_manager: Manager;
  /** Whether a kernel still knows the widget. */
  comm_live: boolean;
  comm?: Comm;
  /** What draws it, by id; only a widget that can be drawn has any. */
  views?: Record<string, Promise<View>>;
}

interface Comm {
  send(data: { content?: Message }, callbacks: unknown, metadata: unknown, buffers?: ArrayBuffer[]): void;
}

interface View {
  el: HTMLElement;
}

interface Manager {
  get_model<Traits extends object = MarkTraits>(id: string): Promise<Model<Traits>>;
  /** Where there can be a kernel; a published page does not know the word. */
  kernel?: Kernel | null;
}

/** What JupyterLab and its kin know of a kernel. */
interface Kernel {
  statusChanged?: Signal<string>;
  disposed?: Signal<void>;
}

interface Signal<Told> {
  connect(listener: (sender: unknown, told: Told) => void): void;
  disconnect(listener: (sender: unknown, told: Told) => void): void;
}

/** A layout: it has no JavaScript of ours, and is there as it is. */
interface Layout {
  comm_live: boolean;
  on?(events: string, listener: () => void): void;
  off?(events: string, listener: () => void): void;
}

/** As much of a model as tells whether Python knows it. */
interface Connected {
  get(name: never): unknown;
  widget_manager?: Manager;
}

/** What anywidget hands to `render`. */
interface Place<Traits extends object> {
  model: Model<Traits>;
  el: HTMLElement;
}

/** Traits of what the page sets: marks and scales of bqplot, and the kit's own widgets. */
interface MarkTraits {
  _model_name: string;
  text: string[];
  opacities: number[];
  x: Numbers;
  y: Numbers;
  [trait: string]: unknown;
}

/** bqplot takes a list or a typed array, and for outlines one a shape. */
type Numbers = ArrayLike<number> | ArrayLike<number>[];

type Timer = ReturnType<typeof setTimeout>;

/** Attributes of an element by their names; a function listens to the event behind "on". */
interface Attributes extends Listeners {
  [name: string]: string | number | boolean | ((event: never) => void) | undefined;
}

type Listeners = {
  [Name in keyof HTMLElementEventMap as `on${Name}`]?: (event: HTMLElementEventMap[Name]) => void;
};
