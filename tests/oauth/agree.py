#!/usr/bin/env python3
"""Signs in to a practice Flickr with oauthlib, an independent implementation of OAuth 1.0a, and calls it.

    agree.py BASE        for example http://localhost:8081, or http://localhost:8080/practice

Needs oauthlib (PyPI) and a consumer practice-key with practice-secret. Ends with 0 when the two agree on everything,
and otherwise with a traceback that says on what they do not.
"""

import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

from oauthlib.oauth1 import (
    SIGNATURE_TYPE_AUTH_HEADER as HEADER,
    SIGNATURE_TYPE_BODY as BODY,
    SIGNATURE_TYPE_QUERY as QUERY,
    Client,
)
from oauthlib.oauth1.rfc5849 import signature

KEY, SECRET = "practice-key", "practice-secret"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Whatever is easily signed wrongly: unicode, space, plus, percent, tilde, nothing, a name twice, names that need escapes.
AWKWARD = [
    ("plain", "yes"),
    ("unicode", "水野しおり Ελένη 🧑🏽‍🌾"),
    ("space", "a b  c "),
    ("plus", "1+1=2"),
    ("percent", "100% %20 %zz"),
    ("tilde", "~-._"),
    ("signs", "!*'();:@&=+$,/?#[]\"<>\\^`{|}"),
    ("empty", ""),
    ("twice", "b"),
    ("twice", "a"),
    ("na me+é[]", "x"),
    ("line", "one\r\ntwo\ttabs"),
]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


def send(method, url, body=None, headers=None):
    """The status, the headers and the text of an answer, whatever it is."""
    data = body.encode() if isinstance(body, str) else body
    request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def signed(client, method, url, parameters=()):
    """A signed request; GET has its parameters in the query, POST in a form."""
    text = urllib.parse.urlencode(list(parameters), quote_via=urllib.parse.quote)
    if method == "GET":
        where = f"{url}?{text}" if text else url
        url, headers, body = client.sign(where, http_method="GET")
    else:
        # oauthlib looks at a body when it is there and its type says that it is a form.
        body = text or ("" if client.signature_type == BODY else None)
        url, headers, body = client.sign(url, http_method="POST", body=body, headers=dict(FORM) if body is not None else None)
    return method, url, body if method == "POST" else None, headers


def check(what, got, expected):
    if got != expected:
        raise AssertionError(f"{what}: got {got!r}, expected {expected!r}")
    print(f"ok: {what}")


def ways():
    yield from [("GET", HEADER), ("POST", HEADER), ("GET", QUERY), ("POST", QUERY), ("POST", BODY)]


def request_token(base, method, kind, callback):
    client = Client(KEY, client_secret=SECRET, callback_uri=callback, signature_type=kind)
    status, _, text = send(*signed(client, method, f"{base}/services/oauth/request_token"))
    check(f"a request token by {method} {kind}: {text[:60]}", status, 200)
    answer = dict(urllib.parse.parse_qsl(text, strict_parsing=True))
    check("the callback is confirmed", answer["oauth_callback_confirmed"], "true")
    return answer["oauth_token"], answer["oauth_token_secret"]


def say(base, token, person, answer):
    """Answers on the page, as a person would; the page's own form is what is sent."""
    url = f"{base}/services/oauth/authorize"
    status, _, page = send("GET", f"{url}?oauth_token={token}&perms=write")
    check("the page asks", status, 200)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    fields.update(nsid=person, answer=answer)
    return send("POST", url, urllib.parse.urlencode(fields), FORM)


def access_token(base, method, kind, token, secret, verifier):
    client = Client(
        KEY,
        client_secret=SECRET,
        resource_owner_key=token,
        resource_owner_secret=secret,
        verifier=verifier,
        signature_type=kind,
    )
    return send(*signed(client, method, f"{base}/services/oauth/access_token"))


def dance(base, method, kind, person, name):
    # In a query or a form oauthlib decodes the values of oauth_… twice (3.2.2, signature.collect_parameters), and then
    # signs another callback than it sends if there is an escape in it.
    callback = f"http://127.0.0.1:9/back?from={'a%20b' if kind == HEADER else 'here'}&x=1"
    token, secret = request_token(base, method, kind, callback)
    status, headers, _ = say(base, token, person, "allow")
    check("the person is sent back", status, 302)
    location = headers["Location"]
    check("to the callback", location.startswith(callback + "&"), True)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
    check("with the token", query["oauth_token"], token)
    status, _, text = access_token(base, method, kind, token, secret, query["oauth_verifier"])
    check(f"an access token by {method} {kind}", status, 200)
    answer = dict(urllib.parse.parse_qsl(text, strict_parsing=True))
    check("it speaks for the person", (answer["user_nsid"], answer["username"]), (person, name))
    again = access_token(base, method, kind, token, secret, query["oauth_verifier"])
    check("and is given out once", (again[0], again[2]), (401, "oauth_problem=token_rejected"))
    return answer["oauth_token"], answer["oauth_token_secret"]


def calls(base, token, secret, person):
    url = f"{base}/services/rest"
    method_of_flickr = [("method", "flickr.test.login"), ("format", "json"), ("nojsoncallback", "1")]
    for method, kind in ways():
        client = Client(KEY, SECRET, resource_owner_key=token, resource_owner_secret=secret, signature_type=kind)
        status, _, text = send(*signed(client, method, url, method_of_flickr + AWKWARD))
        check(f"a call by {method} {kind}", status, 200)
        answer = json.loads(text)
        check("is made by the person", (answer.get("stat"), answer.get("user", {}).get("id")), ("ok", person))
        # Refused as REST refuses: with a code in the body.
        wrong = Client(KEY, SECRET, resource_owner_key=token, resource_owner_secret="no", signature_type=kind)
        answer = json.loads(send(*signed(wrong, method, url, method_of_flickr + AWKWARD))[2])
        check("and not with another secret", (answer.get("stat"), answer.get("code")), ("fail", 96))
    client = Client(KEY, SECRET, resource_owner_key=token, resource_owner_secret=secret)
    request = signed(client, "GET", url, method_of_flickr)
    check("a call is taken", json.loads(send(*request)[2])["stat"], "ok")
    check("and not a second time", json.loads(send(*request)[2])["stat"], "fail")


def base_strings(base):
    """What debug_sbs shows is what oauthlib signs, letter by letter."""

    class Telling(Client):
        def get_oauth_signature(self, request):
            uri, headers, body = self._render(request)
            query = urllib.parse.urlsplit(uri).query
            parameters = signature.collect_parameters(uri_query=query, body=body, headers=headers)
            self.told = signature.signature_base_string(
                request.http_method,
                signature.base_string_uri(uri),
                signature.normalize_parameters(parameters),
            )
            return super().get_oauth_signature(request)

    for method, kind in ways():
        client = Telling(KEY, client_secret="another", callback_uri="https://wall.test/in?a=b c", signature_type=kind)
        status, _, text = send(*signed(client, method, f"{base}/services/oauth/request_token", AWKWARD))
        check("a wrong secret is refused", status, 401)
        head, told = text.split("&debug_sbs=")
        check("as an invalid signature", head, "oauth_problem=signature_invalid")
        check(f"the base strings by {method} {kind} are one", told, client.told)


def out_of_band(base, person):
    token, secret = request_token(base, "POST", HEADER, "oob")
    status, _, page = say(base, token, person, "allow")
    check("the verifier is shown", status, 200)
    verifier = re.search(r"\b\d{3}-\d{3}-\d{3}\b", page).group()
    status, _, text = access_token(base, "POST", HEADER, token, secret, "000-000-00x")
    check("and only the right one is good", (status, text), (401, "oauth_problem=verifier_invalid"))
    check("out of band", access_token(base, "POST", HEADER, token, secret, verifier)[0], 200)


def refusals(base, person):
    url = f"{base}/services/oauth/request_token"
    without = Client(KEY, client_secret=SECRET)
    answer = send(*signed(without, "GET", url))
    expected = "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_callback"
    check("no callback", (answer[0], answer[2]), (400, expected))
    stranger = Client("nobody", client_secret=SECRET, callback_uri="oob")
    answer = send(*signed(stranger, "GET", url))
    check("an unknown consumer", (answer[0], answer[2]), (401, "oauth_problem=consumer_key_unknown"))
    plain = Client(KEY, client_secret=SECRET, callback_uri="oob", signature_method="PLAINTEXT")
    answer = send(*signed(plain, "GET", url))
    check("another method", (answer[0], answer[2]), (401, "oauth_problem=signature_method_rejected"))
    late = Client(KEY, client_secret=SECRET, callback_uri="oob", timestamp="137131200")
    answer = send(*signed(late, "GET", url))
    check("an old request", (answer[0], answer[2].split("&")[0]), (401, "oauth_problem=timestamp_refused"))
    token, secret = request_token(base, "GET", HEADER, "http://127.0.0.1:9/back")
    _, headers, _ = say(base, token, person, "refuse")
    check("a refusal goes back", "oauth_problem=permission_denied" in headers["Location"], True)
    answer = access_token(base, "GET", HEADER, token, secret, "x")
    check("and gives nothing", (answer[0], answer[2]), (401, "oauth_problem=permission_denied"))


def main():
    base = sys.argv[1].rstrip("/")
    people = [("10000011@N01", "水野しおり"), ("10000053@N01", "Salt & Silver <film only>")]
    for index, (method, kind) in enumerate(ways()):
        person, name = people[index % 2]
        token, secret = dance(base, method, kind, person, name)
        if index < 2:
            calls(base, token, secret, person)
    base_strings(base)
    out_of_band(base, people[0][0])
    refusals(base, people[0][0])
    print("they agree")


if __name__ == "__main__":
    main()
