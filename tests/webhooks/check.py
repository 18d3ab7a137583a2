"""Reads a message as JSON and says which of its signatures are good, by libraries that are not Byline's."""

import base64
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

told = json.load(sys.stdin)
headers, body = told["headers"], told["body"]
try:
    Webhook(told["secret"]).verify(body.encode(), headers)
    v1 = True
except WebhookVerificationError:
    v1 = False

key = Ed25519PublicKey.from_public_bytes(base64.b64decode(told["public"].removeprefix("whpk_")))
signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
v1a = 0
for signature in headers["webhook-signature"].split():
    version, _, value = signature.partition(",")
    if version == "v1a":
        try:
            key.verify(base64.b64decode(value), signed)
            v1a += 1
        except InvalidSignature:
            pass
print(json.dumps({"v1": v1, "v1a": v1a}))
