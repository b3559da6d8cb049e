"""Where evidence is stored."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def evidence_storage(url: str, *, state: Path) -> dict[str, Any]:
    """Return the entry of STORAGES for EVIDENCE_STORAGE_URL; without one, a folder in `state`.

    Raises ValueError with the end of a sentence that begins with the variable's name.

    `file:///srv/evidence`, or `s3://key:secret@host:port/bucket?region=eu-west-2&tls=on`. Without a
    host (`s3:///bucket`) the bucket is at Amazon, and without a key the machine's role is used.
    """
    parts = urlsplit(url or f"file://{state / 'evidence'}")
    if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
        options = {"location": unquote(parts.path), "file_permissions_mode": 0o600}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    bucket = parts.path.strip("/")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    is_whole = bool(bucket) and "/" not in bucket and bool(parts.username) == bool(parts.password)
    if parts.scheme != "s3" or not is_whole or not query.keys() <= {"region", "tls"}:
        raise ValueError(
            "must be file:///folder or s3://key:secret@host/bucket?region=eu-west-2&tls=on"
        )
    scheme = "http" if query.get("tls") == "off" else "https"
    host = parts.netloc.rpartition("@")[2]
    s3 = {
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{host}" if host else None,
        "region_name": query.get("region"),
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": s3}
