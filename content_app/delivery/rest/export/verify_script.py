"""How anybody checks a bundle, in ten lines of Python with nothing of ours. Every bundle holds it."""

RECIPE = """import hashlib, json, sys, zipfile
from base64 import b64decode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

bundle, key = zipfile.ZipFile(sys.argv[1]), Ed25519PublicKey.from_public_bytes(b64decode(sys.argv[2]))
manifest = bundle.read("manifest.json")
key.verify(bundle.read("manifest.json.sig"), manifest)
for name, told in json.loads(manifest)["files"].items():
    with bundle.open(name) as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != told["sha256"]:
            sys.exit(f"{name} is not what was signed.")
"""
