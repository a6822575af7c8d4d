"""Only the public internet, and the hosts allowed by name; whatever names, numbers and redirects pretend."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from pathlib import Path

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.errors import OrtaqError, Refused, Retry
from ortaq.gather.fetch.addresses import AddressPolicy, check_url, origin_of, why_not_public
from ortaq.model import Page
from tests.gather.hostile import SOURCE, Answer, answer, fetcher, redirect, serving, silent

PUBLIC = "93.184.215.14"


class Names:
    """A resolver that gives its answers one after another (the last for ever), and counts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Wires(httpcore.AsyncNetworkBackend):
    """Notes where connections should go, and leads them all to the local server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.went: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.went.append(host)
        if host == "93.184.215.99":
            raise httpcore.ConnectError("no route")
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port, timeout)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x.example/",
        "gopher://x.example/",
        "data:text/html,x",
        "javascript:alert(1)",
        "//x.example/",
        "/only/a/path",
        "",
        "http://",
        "http:///x",
        "http://user@x.example/",
        "http://user:secret@x.example/",
        "http://@x.example/",
        "http://x.example\\@y.example/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://1.2.3.4.5/",
        "http://x.0x/",
        "http://１２７.0.0.1/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://x.example:0/",
        "http://x.example:70000/",
        "http://x.example:http/",
        "http://a..b/",
        "http://.x/",
        "http://%31%32.example/",
        "http://x y.example/",
        "http://x.example%00.y/",
        "http://x.example\r\nHost: y/",
        "http://x.example/\r\nEvil: 1",
        "http://" + "a" * 64 + ".example/",
        "http://x.example/" + "a" * 9_000,
        "http://☃.example/",
    ],
)
def test_what_is_no_web_address_is_refused_and_logged(url: str) -> None:
    async def run() -> None:
        async with (
            serving() as server,
            fetcher(
                server,
                {"allow_hosts": ("127.0.0.1", "x.example")},
                resolver=Names([PUBLIC]),
                network=Wires(server.port),
            ) as web,
        ):
            with pytest.raises(Refused):
                await web.fetch(url, source=SOURCE, role="article")
            (decision,), _ = web.drain_evidence()
        assert (decision.rule, decision.allowed, decision.url) == ("address", False, url)
        assert server.seen == []

    asyncio.run(run())


@given(st.text(max_size=60) | st.text(alphabet="htp:/@[]%.0x127\\#?é١", max_size=40).map("http://".__add__))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        url = check_url(text)
    except Refused:
        return
    assert check_url(str(url)) == url
    assert origin_of(url).isascii()


def test_international_names_and_default_ports_are_normal() -> None:
    assert origin_of(check_url("HTTP://Жаңалық.ҚАЗ.:80/a#b")) == "http://" + "жаңалық.қаз".encode("idna").decode()
    assert origin_of(check_url("https://X.example:443/")) == "https://x.example"
    assert origin_of(check_url("https://[2606:4700::1111]:8443/")) == "https://[2606:4700::1111]:8443"
    assert str(check_url("http://x.example/тау?а=б")) == "http://x.example/%D1%82%D0%B0%D1%83?%D0%B0=%D0%B1"


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
    192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1
    255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1
    100::1 2001::1 2001:2::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101:: 3fff::1 4000::1 5f00::1 fc00::1
    fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1""".split(),  # noqa: SIM905 - a list of 46 would fill the page
)
def test_addresses_that_are_not_the_public_internet(address: str) -> None:
    assert why_not_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", PUBLIC, "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1", "172.32.0.1"]
)
def test_addresses_that_are(address: str) -> None:
    assert why_not_public(ip_address(address)) == ""


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("news.example", ["10.1.2.3"]),
        ("news.example", [PUBLIC, "192.168.0.1"]),
        ("news.example", ["2606:4700::1111", "::1"]),
        ("news.example", ["no address"]),
        ("localhost", [PUBLIC]),
        ("LOCALHOST.", [PUBLIC]),
        ("news.localhost", [PUBLIC]),
        ("127.0.0.1", [PUBLIC]),
        ("[::1]", [PUBLIC]),
        ("[::ffff:7f00:1]", [PUBLIC]),
        ("169.254.169.254", [PUBLIC]),
    ],
)
def test_a_host_that_leads_inside_is_refused_and_logged(host: str, found: list[str]) -> None:
    async def run() -> None:
        names = Names(found)
        async with serving() as server:
            wires = Wires(server.port)
            async with fetcher(server, resolver=names, network=wires) as web:
                with pytest.raises(Refused) as caught:
                    await web.fetch(f"http://{host}/latest", source=SOURCE, role="article")
                (decision,), _ = web.drain_evidence()
        assert "allow_hosts" in caught.value.fix
        assert (decision.rule, decision.allowed) == ("address", False)
        assert wires.went == []
        assert len(names.asked) == (host == "news.example")

    asyncio.run(run())


def test_the_checked_address_is_the_one_connected_to() -> None:
    """DNS rebinding: a name that changes its mind is asked once a connection, and every answer is checked."""

    async def run() -> None:
        names = Names(["93.184.215.99", PUBLIC], ["127.0.0.1"])
        async with serving({"/a": answer("a")}) as server:
            wires = Wires(server.port)
            async with fetcher(server, resolver=names, network=wires) as web:
                for _ in range(3):
                    page = await web.fetch("http://news.example/a", source=SOURCE, role="article")
                assert isinstance(page, Page)
                assert names.asked == ["news.example"]
                assert wires.went == ["93.184.215.99", PUBLIC]  # the first did not answer
                server.answers["/b"] = answer("b", connection="close")
                await web.fetch("http://news.example/b", source=SOURCE, role="article")
                with pytest.raises(Refused, match=r"127\.0\.0\.1"):
                    await web.fetch("http://news.example/a", source=SOURCE, role="article")
        assert server.pages()[0].headers["host"] == "news.example"
        assert len(wires.went) == 2

    asyncio.run(run())


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "http://localhost/",
        "//169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://inside.example/",
        "http://2130706433/",
        "http://user:pass@news.example/",
        "gopher://news.example/",
        "http://[/",
    ],
)
def test_a_redirect_to_the_inside_is_refused(location: str) -> None:
    async def run() -> None:
        async def names(host: str, port: int) -> Sequence[str]:
            return ["10.0.0.7"] if host == "inside.example" else [PUBLIC]

        async with serving({"/a": redirect(location)}) as server:
            wires = Wires(server.port)
            async with fetcher(server, resolver=names, network=wires) as web:
                with pytest.raises(Refused):
                    await web.fetch("http://news.example/a", source=SOURCE, role="article")
                assert not web.drain_evidence()[0][-1].allowed
        assert set(wires.went) == {PUBLIC}

    asyncio.run(run())


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", 80, True),
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 80, False),
        ("Intranet.Example", "intranet.example", 443, True),
        ("intranet.example", "x.intranet.example", 443, False),
        ("[::1]:80", "::1", 80, True),
        ("::1", "::1", 99, True),
        ("[::1]", "::1", 99, True),
        ("localhost", "localhost", 80, True),
        ("localhost", "x.localhost", 80, False),
        ("", "", 80, True),
    ],
)
def test_allowed_hosts_are_exact(entry: str, host: str, port: int, allowed: bool) -> None:
    assert AddressPolicy((entry,)).allows_private(host, port) == allowed


def test_a_name_without_address_is_tried_again() -> None:
    async def nothing(host: str, port: int) -> Sequence[str]:
        raise OSError(f"{host} unknown")

    async def run() -> None:
        async with serving() as server, fetcher(server, resolver=nothing) as web:
            with pytest.raises(Retry, match="does not resolve"):
                await web.fetch("http://news.example/", source=SOURCE, role="article")

    asyncio.run(run())


def test_localhost_by_name_is_read_when_allowed() -> None:
    async def run() -> None:
        async with serving({"/": answer("home")}) as server:
            hosts = (f"localhost:{server.port}", f"post.localhost:{server.port}")
            async with fetcher(server, {"allow_hosts": hosts}, resolver=Names([PUBLIC])) as web:
                for host in hosts:
                    page = await web.fetch(f"http://{host}/", source=SOURCE, role="article")
                    assert isinstance(page, Page)
        assert server.pages()[-1].headers["host"] == hosts[1]

    asyncio.run(run())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for news.example, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=news.example"
    names = ["-addext", "subjectAltName=DNS:news.example", "-keyout", str(key), "-out", str(cert)]
    try:
        subprocess.run([*command.split(), *names], check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"openssl can't make a certificate: {error}")
    both = folder / "both.pem"
    both.write_text(key.read_text() + cert.read_text())
    return both


@pytest.mark.parametrize("protocols", [["h2"], ["http/1.1"]])
def test_tls_uses_the_name_and_http_2_where_offered(certificate: Path, protocols: list[str]) -> None:
    async def run() -> None:
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(certificate)
        served.set_alpn_protocols(protocols)
        trusting = ssl.create_default_context(cafile=str(certificate))
        body = "Тау жолы ".encode() * 9_000
        async with serving({"/a": answer(body)}, served) as server:
            wires = Wires(server.port)
            async with fetcher(server, resolver=Names([PUBLIC]), network=wires, tls=trusting) as web:
                for _ in range(2):
                    page = await web.fetch("https://news.example/a", source=SOURCE, role="article")
                assert isinstance(page, Page)
                assert page.body == body
                assert (server.server_name, server.connections) == ("news.example", 1)
                assert (":path" in server.pages()[0].headers) == (protocols == ["h2"])
                with pytest.raises(Retry, match="CERTIFICATE_VERIFY_FAILED"):
                    await web.fetch("https://other.example/a", source=SOURCE, role="article")

    asyncio.run(run())


def test_an_http_2_connection_that_hangs_is_not_used_again(certificate: Path) -> None:
    async def run() -> None:
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(certificate)
        served.set_alpn_protocols(["h2"])
        trusting = ssl.create_default_context(cafile=str(certificate))
        answers: dict[str, Answer] = {"/hangs": silent, "/large": answer(bytes(60_000)), "/a": answer("a")}
        async with serving(answers, served) as server:
            settings = {"timeout": 0.4, "max_bytes": 9_000}
            names, wires = Names([PUBLIC]), Wires(server.port)
            async with fetcher(server, settings, resolver=names, network=wires, tls=trusting) as web:
                for path, words in (("/large", "too large"), ("/hangs", "timeout")):
                    with pytest.raises(OrtaqError, match=words):
                        await web.fetch(f"https://news.example{path}", source=SOURCE, role="article")
                    page = await web.fetch("https://news.example/a", source=SOURCE, role="article")
                    assert isinstance(page, Page)
        assert server.connections == 3

    asyncio.run(run())
