"""Asking the kernel behind a page, over a connection of our own to that kernel.

Not over a websocket, as the page does: Voila lets none but widgets talk that way.
"""

import ast
import json
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import Session

TIMEOUT = 30.0


def kernel_eval(connection: Path, expression: str, timeout: float = TIMEOUT) -> Any:
    """Evaluate an expression in a kernel, once it has finished all it was doing.

    What Python can write as a literal comes back as that; anything else as its `repr`.
    """
    # The inner `repr` keeps IPython from shortening a long value.
    reply = _execute(connection, "", {"value": f"repr({expression})"}, timeout)
    result = reply["user_expressions"]["value"]
    if result["status"] != "ok":
        raise AssertionError(f"{expression}: {result['ename']}: {result['evalue']}")
    text = ast.literal_eval(result["data"]["text/plain"])
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


def kernel_run(connection: Path, code: str, timeout: float = TIMEOUT) -> None:
    """Run statements in a kernel, beside the notebook's own cells."""
    reply = _execute(connection, code, {}, timeout)
    if reply["status"] != "ok":
        raise AssertionError("\n".join(reply["traceback"]))


def _execute(
    connection: Path, code: str, expressions: dict[str, str], timeout: float
) -> dict[str, Any]:
    info = json.loads(connection.read_text(encoding="utf-8"))
    session = Session(key=info["key"].encode(), signature_scheme=info["signature_scheme"])
    content = {
        "code": code,
        "silent": True,
        "store_history": False,
        "user_expressions": expressions,
        "allow_stdin": False,
        "stop_on_error": False,
    }
    with zmq.Context() as context, context.socket(zmq.DEALER) as shell:
        shell.linger = 0
        shell.connect(f"{info['transport']}://{info['ip']}:{info['shell_port']}")
        session.send(shell, "execute_request", content)
        if not shell.poll(timeout * 1000):
            raise TimeoutError(f"The kernel did not answer within {timeout} s")
        _, reply = session.recv(shell, mode=0)
    answer: dict[str, Any] = reply["content"]
    return answer
