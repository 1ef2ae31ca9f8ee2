"""Drives a run's map page in a real browser and fails on any error, request or silent control.

Usage: check_page.py PAGE.html   Exit 0 all well, 1 a fault, 69 no browser or no websocket-client.
"""
import base64
import contextlib
import itertools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
try:
    import websocket
except ImportError:
    websocket = None
if not browser or not websocket:
    missing = "chromium" if not browser else "websocket-client"
    print(f"skip map page: {missing} is not installed")
    sys.exit(69)


class Page:
    """One browser tab over the DevTools protocol."""

    def __init__(self, port, downloads):
        self.events, self.count = [], 0
        target = self.wait(lambda: self.targets(port), "the browser did not start")
        self.socket = websocket.create_connection(target, timeout=30)
        for domain in ("Runtime", "Network", "Log", "Page"):
            self.call(domain + ".enable")
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))

    @staticmethod
    def targets(port):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=5) as answer:
                pages = [p for p in json.load(answer) if p["type"] == "page"]
                return pages[0]["webSocketDebuggerUrl"] if pages else None
        except OSError:
            return None

    @staticmethod
    def wait(condition, failure, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.02)
        raise AssertionError(failure)

    def call(self, method, **parameters):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.count:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]
            self.events.append(message)

    def js(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def until(self, expression, failure):
        return self.wait(lambda: self.js(expression), failure)

    def key(self, name, text=None):
        more = {"text": text} if text else {}
        code = "Space" if name == " " else name
        self.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=code, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=code)

    def open(self, page, width, height, mark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=page.as_uri() + mark)
        self.until("document.querySelectorAll('#panes svg').length > 0", f"{mark}: no map was drawn")

    def faults(self):
        """Console errors, exceptions and requests that leave the file."""
        found = []
        for event in self.events:
            method, body = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                thrown = body["exceptionDetails"].get("exception", {}).get("description", "")
                found.append("exception: " + " ".join(thrown.split()[:12]))
            elif method == "Runtime.consoleAPICalled" and body["type"] in ("error", "warning", "assert"):
                found.append("console: " + " ".join(str(a.get("value", a.get("description"))) for a in body["args"]))
            elif method == "Log.entryAdded" and body["entry"]["level"] == "error":
                found.append("log: " + body["entry"]["text"])
            elif method == "Network.requestWillBeSent":
                url = body["request"]["url"]
                if not url.startswith(("file:", "data:", "blob:", "about:")):
                    found.append("request: " + url)
        return found


SHOWN = "document.getElementById('shown').textContent"
CHINESE = r"(document.querySelector('header h1').textContent + document.querySelector('nav').textContent + document.querySelector('main').textContent).match(/[\u4e00-\u9fff]+/g) || []"


def controls(page, language):
    """Slider, keys, search, hover, click, play and table at desk size."""
    first = page.js(SHOWN)
    page.js("document.activeElement.blur()")
    page.key("ArrowLeft")
    assert int(page.js(SHOWN)) == int(first) - 1, f"{language}: the arrow key did not move the year"
    page.js("(() => { const y = document.getElementById('year'); y.value = 0; y.dispatchEvent(new Event('input')); })()")
    earliest = page.js(SHOWN)
    assert int(earliest) < int(first) - 1, f"{language}: the slider did not move the year"

    page.js("document.activeElement.blur()")
    page.key("/", "/")
    assert page.js("document.activeElement.id") == "search", f"{language}: / does not reach the search"
    name = page.js("[...document.querySelectorAll('#names option')].at(-1).value")
    page.call("Input.insertText", text=name)
    page.key("Enter")
    page.until(f"document.querySelector('#card h2').textContent.includes({json.dumps(name)})", f"{language}: search did not find {name}")

    page.js("document.activeElement.blur(); window.scrollTo(0, 0)")
    spot = page.js(
        "(() => { const all = [...document.querySelectorAll('#panes path[data-code]')].map(p => [p, p.getBoundingClientRect()]);"
        " all.sort((a, b) => b[1].width * b[1].height - a[1].width * a[1].height);"
        " for (const [p, b] of all) for (const [u, v] of [[.5, .5], [.3, .5], [.7, .5], [.5, .3], [.5, .7]]) {"
        " const x = b.x + b.width * u, y = b.y + b.height * v;"
        " if (document.elementFromPoint(x, y) === p) return [x, y, p.dataset.code]; } return null; })()")
    assert spot, f"{language}: no region can be pointed at"
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=spot[0], y=spot[1])
    page.until("!document.getElementById('tip').hidden && document.getElementById('tip').textContent.length > 4", f"{language}: no card under the pointer")
    before = page.js("document.querySelector('#card h2').textContent")
    for kind in ("mousePressed", "mouseReleased"):
        page.call("Input.dispatchMouseEvent", type=kind, x=spot[0], y=spot[1], button="left", clickCount=1)
    page.until(f"document.querySelector('#card h2').textContent !== {json.dumps(before)}", f"{language}: a click did not choose the region")
    assert page.js("document.querySelectorAll('#chart svg path').length") > 0, f"{language}: no fan chart of the chosen region"

    page.js("document.activeElement.blur()")
    page.key(" ", " ")
    page.until(f"{SHOWN} !== {json.dumps(page.js(SHOWN))}", f"{language}: play does not move the year")
    page.js("document.activeElement.blur()")
    page.key(" ", " ")
    page.key("t", "t")
    rows = page.js("document.getElementById('table').hidden ? 0 : document.querySelectorAll('#table tr').length")
    assert rows > 5, f"{language}: the table has {rows} rows"
    page.key("t", "t")


def every_view(page):
    views = page.js("[...document.querySelectorAll('#views button')].map(b => b.dataset.id)")
    measures = page.js("[...document.querySelectorAll('#measures button')].map(b => b.dataset.id)")
    for view, measure in itertools.product(views, measures):
        page.js(f"document.querySelector('#views [data-id=\"{view}\"]').click(); document.querySelector('#measures [data-id=\"{measure}\"]').click()")
        drawn = page.js("document.querySelectorAll('#panes path[data-code]').length")
        assert drawn > 0, f"{view} × {measure}: nothing is drawn"
        wide = page.js("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{view} × {measure}: {wide} px wider than the window"
    return len(views) * len(measures)


def downloads(page, folder):
    marks = {"png": b"\x89PNG", "svg": b"<", "csv": "﻿".encode()}
    for kind, mark in marks.items():
        page.js(f"document.querySelector('[data-save={kind}]').click()")
        file = page.wait(lambda: next((f for f in folder.glob(f"*.{kind}") if f.stat().st_size), None), f"no {kind} was saved")
        Page.wait(lambda: not list(folder.glob("*.crdownload")), f"{kind} was not finished")
        content = file.read_bytes()
        assert content.startswith(mark), f"{file.name} begins with {content[:8]!r}"
    return len(marks)


def check(page_file):
    with contextlib.ExitStack() as stack:
        scratch = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        folder = scratch / "downloads"
        folder.mkdir()
        process = subprocess.Popen(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--remote-allow-origins=*",
             "--no-first-run", "--disable-background-networking", f"--user-data-dir={scratch / 'profile'}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        port_file = scratch / "profile" / "DevToolsActivePort"
        Page.wait(lambda: port_file.exists() and port_file.read_text().strip(), "the browser did not start", 60)
        page = Page(int(port_file.read_text().split()[0]), folder)
        views = 0
        for language, (width, height) in itertools.product(("zh", "en"), ((1440, 900), (390, 844))):
            page.open(page_file, width, height, f"#lang={language}")
            if width > 600:
                controls(page, language)
            views += every_view(page)
            if language == "en":
                left = page.js(CHINESE)
                assert left == ["中文"] or not left, f"Chinese on the English page: {left}"
        page.open(page_file, 1440, 900, "#lang=zh&measure=gap")
        try:
            saved = downloads(page, folder)
        except AssertionError as fault:
            raise AssertionError("; ".join([str(fault), *page.faults()[:3]])) from None
        pages = len(base64.b64decode(page.call("Page.printToPDF")["data"]))
        assert pages > 10_000, "the page does not print"
        faults = page.faults()
        assert not faults, "; ".join(faults[:5])
        return f"{views} views in two sizes and languages, controls, {saved} downloads and print; no error, no request"


if __name__ == "__main__":
    try:
        print("ok   map page: " + check(pathlib.Path(sys.argv[1]).resolve()))
    except AssertionError as fault:
        print(f"FAIL map page: {fault}")
        sys.exit(1)
