"""The web server believes no header about itself, whoever sends it: a proxy, or anybody on this machine."""

import pytest
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

HEADERS = (
    *("SCRIPT_NAME", "SCRIPT-NAME", "PATH_INFO", "REMOTE_USER", "REMOTE_ADDR", "SERVER_NAME", "HTTP_HOST"),
    *("X-Forwarded-Proto", "X-Forwarded-Protocol", "X-Forwarded-Ssl", "X_FORWARDED_PROTO"),
)


@pytest.fixture(scope="module")
def config() -> Config:
    app = WSGIApplication.__new__(WSGIApplication)
    app.cfg = Config()
    app.load_config_from_module_name_or_filename("python:kdweb.webserver")
    return app.cfg


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("peer", ["127.0.0.1", "203.0.113.9"])
def test_no_header_names_another_path_scheme_or_person(config: Config, name: str, peer: str) -> None:
    value = "https" if "Proto" in name or "PROTO" in name else "on" if "Ssl" in name else "/evil"
    sent = f"GET /login/ HTTP/1.1\r\nHost: localhost\r\n{name}: {value}\r\n\r\n".encode()
    request = next(RequestParser(config, iter([sent]), (peer, 4000)))
    assert request.scheme == "http"
    assert not [key for key, _ in request.headers if "_" in key]
