"""Flask-WebSub, as its own documentation uses it: a subscriber that finds the hub, subscribes, and prints what comes.

Usage: subscribe.py TOPIC. It prints a line of JSON for each thing that happens, and ends when its input does.
"""

import json
import sys
import tempfile
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask
from flask_websub.subscriber import (
    SQLite3SubscriberStorage, SQLite3TempSubscriberStorage, Subscriber, discover)

app = Flask(__name__)
folder = tempfile.mkdtemp()
subscriber = Subscriber(
    SQLite3SubscriberStorage(folder + "/subscriptions.sqlite3"),
    SQLite3TempSubscriberStorage(folder + "/requests.sqlite3"),
    REQUEST_TIMEOUT=30)


def say(**what):
    print(json.dumps(what), flush=True)


@subscriber.add_success_handler
def success(topic_url, callback_id, mode):
    say(event=mode, topic=topic_url)


@subscriber.add_error_handler
def failure(topic_url, callback_id, reason):
    say(event="denied", topic=topic_url, reason=reason)


@subscriber.add_listener
def listen(topic_url, callback_id, body):
    say(event="delivery", topic=topic_url, body=body.decode())


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


app.register_blueprint(subscriber.build_blueprint(url_prefix="/callbacks"))
server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
app.config["SERVER_NAME"] = "127.0.0.1:%d" % server.server_port

found = discover(sys.argv[1], timeout=30)
say(event="discovered", **found)
with app.app_context():
    callback = subscriber.subscribe(**found)
    for line in sys.stdin:
        if line.strip() == "renew":
            subscriber.renew(callback)
        if line.strip() == "unsubscribe":
            subscriber.unsubscribe(callback)
