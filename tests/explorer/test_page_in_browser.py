"""The page as a reader meets it: Voila, a browser, and nobody else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = ROOT / "src" / "opdanalysis" / "text"
PATIENCE = 120
"""Seconds after which a server or a page is given up."""


@pytest.fixture
def address() -> Iterator[str]:
    """The page of the invented city in 30 draws, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "opdanalysis.explorer", f"--port={port}", "--no-browser"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/voila/static/voila.js", server)
        yield f"http://127.0.0.1:{port}/?study=contoh&draws=30"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def test_a_reader_can_do_all_of_it_in_a_browser(chromium: str, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    faults: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".opd-card")
        assert page.title() == "Penjelajah rencana"

        _move_by_keyboard(page)
        _drag(page)
        _hold_an_assumption(page)

        shown = page.locator(".opd-page").inner_text()
        assert _of_the_other(shown, "en", "id") == []
        found = Axe().run(page).response["violations"]
        assert [_told(fault) for fault in found] == []

        page.get_by_role("button", name="English").click()
        page.wait_for_function("document.title === 'Plan explorer'")
        page.wait_for_selector("text=Who moves where")  # what is written last
        shown = page.locator(".opd-page").inner_text()
        assert _of_the_other(shown, "id", "en") == []
        assert page.evaluate("document.documentElement.lang") == "en"

        page.set_viewport_size({"width": 390, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"on a phone the page is {wide} pixels wide"
        browser.close()
    ours = address.split("/?")[0].removeprefix("http")
    outside = [url for url in asked if ours not in url and not url.startswith(("data:", "blob:"))]
    assert outside == []
    assert faults == []


def _move_by_keyboard(page: Any) -> None:
    """Two lists and a button, without a mouse."""
    before = page.locator(".opd-answers").inner_text()
    page.get_by_label("Siapa").select_option(
        label="Dinas Pekerjaan Umum dan Penataan Ruang (Gedung Jalan Mawar 1)"
    )
    page.get_by_label("Ke gedung").select_option(label="Gedung baru Jalan Seroja 1")
    page.get_by_role("button", name="Pindahkan", exact=True).press("Enter")
    _changed(page, before)
    page.wait_for_selector(".opd-said:has-text('Gedung baru Jalan Seroja 1')")


def _drag(page: Any) -> None:
    """A chip dropped on another card."""
    before = page.locator(".opd-answers").inner_text()
    page.drag_and_drop('[data-agency="sekda"]', '[data-building="plaza-baru"]')
    _changed(page, before)
    page.wait_for_selector('[data-building="plaza-baru"] [data-agency="sekda"]')


def _hold_an_assumption(page: Any) -> None:
    """A slider moved by the keyboard changes the numbers and the comparison."""
    page.get_by_label("Hasil yang dibandingkan").select_option(label="Kontak dalam satu gedung")
    page.wait_for_selector(".opd-compare caption:has-text('Kontak dalam satu gedung')")
    before = page.locator(".opd-answers").inner_text()
    compared = page.locator(".opd-compare tbody").inner_text()
    slider = page.get_by_label("Bagian berkas yang perlu ditanyakan lagi", exact=True)
    slider.press("End")
    _changed(page, before)
    page.wait_for_function(
        "before => document.querySelector('.opd-compare tbody').innerText !== before", arg=compared
    )
    assert slider.input_value() == "20"


def _changed(page: Any, before: str) -> None:
    page.wait_for_function(
        "before => document.querySelector('.opd-answers').innerText !== before", arg=before
    )


def _of_the_other(shown: str, other: str, own: str) -> list[str]:
    """Words of the explorer in the other language that are on the page."""
    texts, ours = (_texts(_explorer(lang)) for lang in (other, own))
    told = {text for text in texts if "{" not in text and len(text) > 3} - set(ours)
    lines = {line.strip() for line in shown.splitlines()}
    return sorted(told & lines) + sorted(t for t in told if len(t) > 25 and t in shown)


def _explorer(lang: str) -> dict[str, Any]:
    return yaml.safe_load((TEXT / f"{lang}.yaml").read_text(encoding="utf-8"))["explorer"]


def _texts(tree: dict[str, Any]) -> list[str]:
    found = []
    for value in tree.values():
        found += _texts(value) if isinstance(value, dict) else [str(value).strip()]
    return found


def _told(fault: dict[str, Any]) -> str:
    return f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, "the server of the explorer ended"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers, though not with this file
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server of the explorer did not answer")
