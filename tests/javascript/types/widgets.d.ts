/** What the kit's JavaScript uses of ipywidgets, anywidget and bqplot, and the messages it exchanges. */

/** How a trait names another model. */
type Reference = `IPY_MODEL_${string}`;

/** What Python tells a widget of the page. */
type KernelMessage = { do: "pause" } | { do: "release" } | { do: "write"; text: string };

/** What a widget of the page tells Python. */
type Message =
  | { gone: true }
  | { do: "run" | "check"; text: string }
  | { do: "show"; place: number }
  | { do: "answer"; place: number; text: string }
  | { do: "import"; name: string }
  | { do: "open"; link: string }
  | { do: "cancel" | "solution" | "use" };

/** The page's half of a widget's state; `set` reaches Python with `save_changes`. */
interface Model<Traits extends object = MarkTraits> {
  get<Name extends keyof (Traits & LaidOut)>(name: Name): (Traits & LaidOut)[Name];
  set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void;
  set(traits: Partial<Traits>): void;
  /** @param events one or several, such as "change:tick change:playing" */
  on(events: "msg:custom", listener: (message: KernelMessage) => void): void;
  on(events: string, listener: () => void): void;
  off(events: "msg:custom", listener: (message: KernelMessage) => void): void;
  off(events: string, listener: () => void): void;
  save_changes(): void;
  send(message: Message, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  widget_manager: Manager;
  comm?: Comm;
  /** What draws it, by id; only a widget that can be drawn has any. */
  views?: Record<string, Promise<View>>;
}

/** Every widget that can be drawn has a layout, a model of its own. */
interface LaidOut {
  layout: Layout | null;
}

interface Layout {
  get?(name: string): string | null;
  /** Whether a kernel still knows it. */
  comm_live?: boolean;
  on?(event: "comm_live_update", listener: () => void): void;
  off?(event: "comm_live_update", listener: () => void): void;
}

/** What tells whether Python still knows a widget. */
interface Connectable {
  get(name: "layout"): Layout | null;
  widget_manager?: { kernel?: Kernel | null };
}

/** The kernel as JupyterLab has it. */
interface Kernel {
  statusChanged?: Signal<string>;
  disposed?: Signal<void>;
}

interface Signal<Args> {
  connect(slot: (sender: unknown, args: Args) => void): unknown;
  disconnect(slot: (sender: unknown, args: Args) => void): unknown;
}

interface Comm {
  send(data: { content?: Message }, callbacks: unknown, metadata: unknown, buffers?: ArrayBuffer[]): void;
}

interface View {
  el: HTMLElement;
}

interface Manager {
  /** Not on a published page. */
  kernel?: Kernel | null;
  get_model<Traits extends object = MarkTraits>(id: string): Promise<Model<Traits>>;
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
  scales: Record<"x" | "y", Model<{ max: number }>>;
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
