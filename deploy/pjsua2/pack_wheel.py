"""Pack the built pjsua2 module into a cp311-abi3 wheel that records what it was built from.

Usage: pack_wheel.py BUILD_DIR OUT_DIR VERSION PLATFORM SOURCE_FILE
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

PARTS = [
    "alsa",
    "opus",
    "g722",
    "srtp-sdes",
    "srtp-dtls",
    "openssl3",
    "unhandled-request",
    "recorder-buffer",
    "g722-level",
]


def main(build: Path, out: Path, version: str, platform: str, source: Path) -> None:
    info = f"pjsua2-{version}.dist-info"
    origin = {
        "builder": "deskphone",
        "pjproject": version.partition("+")[0],
        "source": source.name,
        "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "assertions": False,
        "parts": PARTS,
    }
    files: dict[str, bytes] = {
        "pjsua2.py": (build / "pjsua2.py").read_bytes(),
        "_pjsua2.abi3.so": (build / "_pjsua2.abi3.so").read_bytes(),
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: pjsua2\nVersion: {version}\nRequires-Python: >=3.11\n"
            "Summary: PJSIP's pjsua2 for Python, built for Deskphone\nLicense: GPL-2.0-or-later\n"
        ).encode(),
        f"{info}/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: pack_wheel.py\nRoot-Is-Purelib: false\nTag: cp311-abi3-{platform}\n"
        ).encode(),
        f"{info}/build.json": json.dumps(origin, indent=2).encode(),
    }
    wheel = out / f"pjsua2-{version}-cp311-abi3-{platform}.whl"
    partial = wheel.with_suffix(".part")
    record = ""
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
            digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(body)}\n"
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    partial.rename(wheel)
    print(wheel)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4], Path(sys.argv[5]))
