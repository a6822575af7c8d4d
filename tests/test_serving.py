"""`serve` and `run` as commands: a port that is taken, and the end by Ctrl-C."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.home import command, environment, make_home, ortaq


@pytest.mark.parametrize("name", ["serve", "run"])
def test_a_port_that_is_taken_is_said_in_a_line(tmp_path: Path, name: str) -> None:
    home = make_home(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert ortaq(home, name, "--port", str(taken.getsockname()[1]), expect=2) == ""


@pytest.mark.parametrize("name", ["serve", "run"])
def test_ctrl_c_ends_it_without_a_traceback(tmp_path: Path, name: str) -> None:
    home = make_home(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command(home, name, "--port", str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        assert _answers(f"http://127.0.0.1:{port}/")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    assert f"http://127.0.0.1:{port}/" in out


def _answers(address: str) -> bool:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.25)
    return False
