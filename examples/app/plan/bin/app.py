"""A web application that counts its visits in Redis.

    app.py CONFIGURATION         serves until TERM; HUP reads the configuration again
    app.py --check URL           ends with 0 if the URL answers 200, else with 2
"""

import json
import signal
import socket
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REDIS_SECONDS = 1.0


class Configuration:
    def __init__(self, path):
        self.path = path
        self.values = {}
        self.read()

    def read(self, *_):
        with open(self.path, encoding="utf-8") as file:
            self.values = json.load(file)
        print("redis:", self.values["redis"] or "none alive", flush=True)


def ask_redis(server, *words):
    """One command to one server, and its answer: an integer or an error."""
    request = b"*%d\r\n" % len(words)
    for word in words:
        request += b"$%d\r\n%s\r\n" % (len(word), word.encode())
    place = (server["address"], server["port"])
    with socket.create_connection(place, timeout=REDIS_SECONDS) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as answer:
            line = answer.readline().decode().strip()
    if not line.startswith(":"):
        raise OSError(f"{place[0]}:{place[1]} answered {line!r}")
    return int(line[1:])


def count_visit(servers):
    """Counts at the first server that takes it: copies refuse what only the original may do."""
    problem = OSError("no redis is alive")
    for server in servers:
        try:
            return ask_redis(server, "INCR", "visits")
        except OSError as e:
            problem = e
    raise problem


def handler(configuration):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self):
            values = configuration.values
            name = f"{values['address']}:{values['port']}"
            if self.path == "/health":
                self.answer(200, f"{name} is here\n")
                return
            try:
                visits = count_visit(values["redis"])
                self.answer(200, f"{values['greeting']} from {name}, visit {visits}\n")
            except OSError as e:
                self.answer(503, f"{name} cannot count: {e}\n")

        def answer(self, status, text):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code="-", size="-"):
            pass

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(path):
    configuration = Configuration(path)
    signal.signal(signal.SIGHUP, configuration.read)
    place = (configuration.values["address"], configuration.values["port"])
    server = Server(place, handler(configuration))
    # From another thread: shutdown() waits for the loop that this signal interrupted.
    signal.signal(
        signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start()
    )
    print("listening at %s:%d" % place, flush=True)
    server.serve_forever()
    server.server_close()


def check(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return 0 if answer.status == 200 else 2
    except OSError as e:
        print(e)
        return 2


if sys.argv[1] == "--check":
    sys.exit(check(sys.argv[2]))
serve(sys.argv[1])
