"""A headless Chromium, spoken to over a pipe in the DevTools protocol: no driver, no library, no download."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections import deque
from select import select
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_PATIENCE = 60


class Browser:
    """One browser with one page. `events` keeps what it told of its own accord."""

    def __init__(self) -> None:
        """Start it, in a home of its own that goes with it."""
        self._home = tempfile.TemporaryDirectory(prefix="cchc-browser-", ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        self._process = _start(self._home.name, theirs_in, theirs_out)
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.events: deque[dict[str, Any]] = deque(maxlen=10_000)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        """Give the browser."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it, this one process and no other."""
        os.close(self._out)
        self._process.terminate()
        self._process.wait(_PATIENCE)
        os.close(self._in)
        self._home.cleanup()

    def call(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - whatever the method answers
        """Say something, wait for the answer."""
        self._number += 1
        said: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            said["sessionId"] = self._session
        os.write(self._out, json.dumps(said).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        until = monotonic() + _PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select([self._in], [], [], max(until - monotonic(), 0))
            assert ready, "the browser does not answer"
            piece = os.read(self._in, 1 << 20)
            assert piece, "the browser has ended"
            self._buffer += piece
        whole, _, self._buffer = self._buffer.partition(b"\0")
        told: dict[str, Any] = json.loads(whole)
        if "method" in told:
            self.events.append(told)
        return told

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a file afresh and wait until it is there."""
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        address = path.as_uri() + fragment
        self.call("Page.navigate", url=address)
        until = monotonic() + _PATIENCE
        while self.run("[location.href, document.readyState]") != [address, "complete"]:
            assert monotonic() < until, "the page does not load"

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """Run a script in the page; wait for what it promises, give its value."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def settle(self) -> None:
        """Wait until what was typed has had its effect."""
        self.run("new Promise(done => setTimeout(done, 400))")

    def press(self, key: str, code: int, modifiers: int = 0) -> None:
        """Press a key and let it go."""
        typed = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **typed, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **typed)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)

    def resize(self, width: int, height: int, *, mobile: bool = False, scale: float = 1) -> None:
        """Make the window so large, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=mobile,
        )

    def prefer(self, **features: str) -> None:
        """Prefer what `@media` asks for: `prefers_color_scheme="dark"`."""
        told = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=told)

    def picture(self) -> bytes:
        """Give what the window shows as PNG."""
        return b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def pdf(self) -> bytes:
        """Print as the page itself says."""
        return b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def told(self, method: str) -> list[dict[str, Any]]:
        """Give what it told of one kind since the page was opened."""
        return [event["params"] for event in self.events if event["method"] == method]


# The browser reads from its pipe 3 and writes to its pipe 4, whatever numbers they have here.
_ON_3_AND_4 = """
import os, sys
os.dup2(int(sys.argv[1]), 100)
os.dup2(int(sys.argv[2]), 101)
os.dup2(100, 3)
os.dup2(101, 4)
os.closerange(5, 102)
os.execv(sys.argv[3], sys.argv[3:])
"""


def _start(home: str, reading: int, writing: int) -> subprocess.Popen[bytes]:
    assert CHROMIUM, "this needs Chromium: apt-get install chromium"
    arguments = [
        *(CHROMIUM, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={home}", "--no-first-run"),
        *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=vi"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    ]
    return subprocess.Popen(
        [sys.executable, "-c", _ON_3_AND_4, str(reading), str(writing), *arguments],
        pass_fds=(reading, writing),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": home},
    )
