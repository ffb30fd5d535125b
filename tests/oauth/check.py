#!/usr/bin/env python3
"""Checks requests that somebody else signed, as oauthlib's own server does.

    check.py < requests.json

Reads a list of {"method", "url", "authorization", "body", "token_secret", "good"} and ends with 0 when oauthlib accepts
exactly those that are good. The consumer is practice-key with practice-secret.
"""

import json
import sys

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint


class Validator(RequestValidator):
    """Knows one consumer and one token, and no clock: the requests are of a fixed time."""

    enforce_ssl = False
    dummy_client = dummy_access_token = "dummy"
    timestamp_lifetime = 10**12

    def __init__(self, token_secret):
        super().__init__()
        self.token_secret = token_secret

    def check_client_key(self, client_key):
        return client_key == "practice-key"

    def check_access_token(self, _):
        return True

    def check_nonce(self, nonce):
        return len(nonce) >= 8

    def validate_client_key(self, client_key, _):
        return client_key == "practice-key"

    def validate_access_token(self, *_):
        return True

    def validate_timestamp_and_nonce(self, *_, **__):
        return True

    def validate_realms(self, *_, **__):
        return True

    def get_client_secret(self, *_):
        return "practice-secret"

    def get_access_token_secret(self, *_):
        return self.token_secret


def main():
    requests = json.load(sys.stdin)
    for it in requests:
        headers = {"Authorization": it["authorization"]} if it["authorization"] else {}
        if it["body"] is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        server = ResourceEndpoint(Validator(it["token_secret"]))
        accepted, _ = server.validate_protected_resource_request(
            it["url"], http_method=it["method"], body=it["body"], headers=headers, realms=[]
        )
        if accepted != it["good"]:
            raise AssertionError(f"accepted: {accepted}, expected: {it['good']}, of {it}")
    print(f"they agree on {len(requests)} requests")


if __name__ == "__main__":
    main()
