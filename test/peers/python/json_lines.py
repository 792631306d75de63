"""Values as the programs of this folder write and read them: one JSON document a line."""

import base64
import json
import threading

_lock = threading.Lock()


def write(value):
    with _lock:
        print(json.dumps(value), flush=True)


def metadata_to_json(metadata):
    """Pairs of key and text; bytes travel in base64. The date is Node's own addition."""
    return [
        [key, base64.b64encode(value).decode() if isinstance(value, bytes) else value]
        for key, value in metadata or ()
        if key != "date"
    ]


def metadata_from_json(pairs):
    return tuple(
        (key, base64.b64decode(value) if key.endswith("-bin") else value)
        for key, value in pairs
    )
