"""As much of curl as the pages use, for machines that have none: `curl -s ADDRESS -H HEADER -d BODY`."""

import argparse
import sys
import urllib.error
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("address")
parser.add_argument("-s", action="store_true")
parser.add_argument("-H", dest="headers", action="append", default=[])
parser.add_argument("-d", dest="body")
given = parser.parse_args()

body = sys.stdin.read() if given.body == "@-" else given.body
request = urllib.request.Request(given.address, body.encode() if body else None)  # noqa: S310
for header in given.headers:
    request.add_header(*header.split(": ", 1))
try:
    with urllib.request.urlopen(request) as response:  # noqa: S310
        sys.stdout.write(response.read().decode())
except urllib.error.HTTPError as error:
    sys.stdout.write(error.read().decode())
