import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Connection } from "../../kit/widgets/static/connection.js";

/** @typedef {(sender: unknown, told: never) => void} Slot */

/** What a front end has of a kernel: signals. */
function signal() {
  /** @type {Set<Slot>} */
  const heard = new Set();
  return {
    connect: (/** @type {Slot} */ slot) => heard.add(slot),
    disconnect: (/** @type {Slot} */ slot) => heard.delete(slot),
    emit(told = "") {
      for (const slot of [...heard]) slot(null, /** @type {never} */ (told));
    },
    heard,
  };
}

/**
 * A layout as widgets have one: it knows whether it is connected.
 * @param {boolean} live
 */
function layout(live) {
  /** @type {Set<() => void>} */
  const heard = new Set();
  return {
    comm_live: live,
    on: (/** @type {string} */ _name, /** @type {() => void} */ listener) => heard.add(listener),
    off: (/** @type {string} */ _name, /** @type {() => void} */ listener) => heard.delete(listener),
    become(/** @type {boolean} */ now) {
      this.comm_live = now;
      for (const listener of [...heard]) listener();
    },
    heard,
  };
}

/**
 * A model in JupyterLab, or of a published page, where nothing knows of a kernel.
 * @param {boolean} live
 */
function model(live, published = false) {
  const kernel = { statusChanged: signal(), disposed: signal() };
  const part = layout(live);
  const get_model = () => Promise.reject(new Error("there is no other model"));
  const widget_manager = published ? { get_model } : { get_model, kernel };
  return { part, kernel, get: () => part, widget_manager };
}

/**
 * A connection that notes how often it told of a change.
 * @param {ReturnType<typeof model>} one
 */
function watched(one) {
  /** @type {boolean[]} */
  const told = [];
  const connection = new Connection(one, () => told.push(connection.lost));
  return { connection, told };
}

describe("a connection", () => {
  it("is there as long as the kernel is", () => {
    const one = model(true);
    const { connection, told } = watched(one);
    for (const status of ["busy", "idle", "starting"]) one.kernel.statusChanged.emit(status);
    assert.deepEqual([connection.lost, told], [false, []]);
  });

  for (const status of ["restarting", "autorestarting", "terminating", "dead"]) {
    it(`is lost once the kernel is ${status}, and that is told once`, () => {
      const one = model(true);
      const { told } = watched(one);
      one.kernel.statusChanged.emit(status);
      one.part.become(false);
      one.kernel.statusChanged.emit("idle");
      assert.deepEqual(told, [true]);
    });
  }

  it("is lost once the kernel was shut down", () => {
    const one = model(true);
    const { told } = watched(one);
    one.kernel.disposed.emit();
    assert.deepEqual(told, [true]);
  });

  it("is found again when the same kernel is reached again", () => {
    const one = model(true);
    const { told } = watched(one);
    one.part.become(false);
    one.part.become(true);
    assert.deepEqual(told, [true, false]);
  });

  it("is lost from the start in what was stored with a notebook, or is shown once more", () => {
    assert.ok(watched(model(false)).connection.lost);
  });

  it("is not missed on a published page, which never had one", () => {
    assert.ok(!watched(model(false, true)).connection.lost);
  });

  it("is listened to no more after its end", () => {
    const one = model(true);
    const { connection, told } = watched(one);
    connection.end();
    one.part.become(false);
    one.kernel.disposed.emit();
    assert.deepEqual(told, []);
    for (const { heard } of [one.part, one.kernel.statusChanged, one.kernel.disposed]) {
      assert.equal(heard.size, 0);
    }
  });
});
