"""Where mail leaves: EMAIL_URL, or a folder when there is none."""

from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.mail.backends.filebased import EmailBackend

# A mail is sent while its row is locked: shorter than the database lets a transaction wait.
PATIENCE = 15


def mailer(url, *, folder):
    """The entry of MAILERS for this address of a mail server."""
    if not url:
        return {"BACKEND": "buurtwerk.mail.KeptInTheFolder", "OPTIONS": {"file_path": str(folder)}}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("EMAIL_URL must look like smtp://user:password@host:587/?tls=1 or smtps://user:password@host")
    options = {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and dict(parse_qsl(parts.query)).get("tls") == "1",
        "timeout": PATIENCE,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


class KeptInTheFolder(EmailBackend):
    """For a house without a mail server: a choice, of which /team/beheer/berichten/ says that nothing leaves."""
